"""Days that are counted from another."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.values import days

DAY = st.dates(datetime.date(1900, 1, 1), datetime.date(2200, 1, 1))
WEEKDAY = st.integers(0, 6)


@given(WEEKDAY, DAY)
def test_coming_is_within_a_week_after(weekday: int, today: datetime.date) -> None:
    """The coming weekday is never today."""
    day = days.coming(weekday, today)
    assert day.weekday() == weekday
    assert 1 <= (day - today).days <= 7


@given(WEEKDAY, DAY)
def test_last_is_within_a_week_before(weekday: int, today: datetime.date) -> None:
    """The last weekday is never today."""
    day = days.last(weekday, today)
    assert day.weekday() == weekday
    assert 1 <= (today - day).days <= 7


@given(WEEKDAY, st.integers(-1, 1), DAY)
def test_in_week_is_in_that_week(weekday: int, weeks: int, today: datetime.date) -> None:
    """Weeks are those of the ISO calendar."""
    day = days.in_week(weekday, weeks, today)
    assert day.weekday() == weekday
    assert day.isocalendar()[:2] == (today + datetime.timedelta(7 * weeks)).isocalendar()[:2]


@given(st.integers(1, 12), st.integers(1, 28), DAY)
def test_ahead_is_within_a_year(month: int, day: int, today: datetime.date) -> None:
    """A day that every year has is at most a year ahead."""
    date = days.ahead(month, day, today)
    assert (date.month, date.day) == (month, day)
    assert 0 <= (date - today).days <= 365


@given(DAY)
def test_ahead_finds_the_leap_day(today: datetime.date) -> None:
    """The next 29th of February is at most eight years ahead."""
    date = days.ahead(2, 29, today)
    assert (date.month, date.day) == (2, 29)
    assert date >= today


@given(st.integers(1, 31), DAY)
def test_day_ahead_has_its_number(day: int, today: datetime.date) -> None:
    """Every number of a day comes within two months."""
    date = days.day_ahead(day, today)
    assert date.day == day
    assert 0 <= (date - today).days <= 62


@pytest.mark.parametrize("day", [0, 32])
def test_day_ahead_of_no_month(day: int) -> None:
    """No month has a day 0 or 32."""
    with pytest.raises(ValueError, match=r"day"):
        days.day_ahead(day, datetime.date(2026, 11, 22))


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [("2026-01-31", 1, "2026-02-28"), ("2026-11-22", 14, "2028-01-22")],
)
def test_months_later_stays_in_the_month(start: str, count: int, end: str) -> None:
    """A month that is too short ends the count on its last day."""
    date = days.months_later(count, datetime.date.fromisoformat(start))
    assert date == datetime.date.fromisoformat(end)
