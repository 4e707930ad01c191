"""What holds for all tests."""

from hypothesis import settings

# How long an example takes depends on what else the machine does; what must be fast is measured.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")
