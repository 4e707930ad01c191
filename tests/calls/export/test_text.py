"""A call as plain text."""

import pytest

from calls.export.text import clock


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0, "00:00"), (61.9, "01:01"), (3600, "60:00"), (-0.2, "00:00")]
)
def test_clock_shows_minutes_and_seconds(seconds: float, shown: str) -> None:
    """A call may take more than an hour, and a clock may be a little off."""
    assert clock(seconds) == shown
