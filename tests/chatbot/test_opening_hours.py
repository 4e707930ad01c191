"""When a business answers its calls."""

from datetime import UTC, date, datetime, time

import pytest

from chatbot.opening_hours import OpenFrom, OpeningHours

OFFICE = OpeningHours(
    (OpenFrom(0, time(9), time(12)), OpenFrom(0, time(13), time(0))),
    frozenset({date(2026, 11, 30)}),
)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        (datetime(2026, 11, 23, 8, 59, tzinfo=UTC), False),
        (datetime(2026, 11, 23, 9, 0, tzinfo=UTC), True),
        (datetime(2026, 11, 23, 12, 0, tzinfo=UTC), False),
        (datetime(2026, 11, 23, 23, 59, tzinfo=UTC), True),
        (datetime(2026, 11, 24, 10, 0, tzinfo=UTC), False),
        (datetime(2026, 11, 30, 10, 0, tzinfo=UTC), False),
    ],
)
def test_hours_are_open_from_opening_up_to_closing(moment: datetime, is_open: bool) -> None:
    """Each stretch of the day counts, a closed day does not, and midnight is the day's end."""
    assert OFFICE.is_open(moment) is is_open


def test_without_hours_it_is_always_open() -> None:
    """But for the closed days."""
    always = OpeningHours(closed_days=OFFICE.closed_days)
    assert always.is_open(datetime(2026, 11, 23, 3, 0, tzinfo=UTC))
    assert not always.is_open(datetime(2026, 11, 30, 3, 0, tzinfo=UTC))
