"""What holds for all tests."""

from hypothesis import HealthCheck, settings

# How long an example takes, and how long it is to draw one, depends on what else the machine does;
# what must be fast is measured.
settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any machine")
