"""Days that are counted from another. Weekdays are numbers, Monday 0.

All raise ValueError or OverflowError where there is no such day in the calendar of Python.
"""

import calendar
import datetime


def coming(weekday: int, today: datetime.date) -> datetime.date:
    """Return the weekday after today: who means today says so."""
    return today + datetime.timedelta((weekday - today.weekday() - 1) % 7 + 1)


def last(weekday: int, today: datetime.date) -> datetime.date:
    """Return the weekday before today."""
    return today - datetime.timedelta((today.weekday() - weekday - 1) % 7 + 1)


def in_week(weekday: int, weeks: int, today: datetime.date) -> datetime.date:
    """Return the weekday of this week (0), the next (1), the last (-1). Weeks begin on Monday."""
    return today + datetime.timedelta(weekday - today.weekday() + 7 * weeks)


def months_later(count: int, start: datetime.date) -> datetime.date:
    """Return the same day of a later month, or the last of a month that is too short for it."""
    years, month = divmod(start.month - 1 + count, 12)
    year = start.year + years
    first = start.replace(year=year, month=month + 1, day=1)
    return first.replace(day=min(start.day, calendar.monthrange(year, month + 1)[1]))


def ahead(month: int, day: int, today: datetime.date) -> datetime.date:
    """Return the next day with that number in that month, today included."""
    for year in range(today.year, today.year + 9):  # up to 8 years to a 29th of February
        if day <= calendar.monthrange(year, month)[1]:
            date = datetime.date(year, month, day)
            if date >= today:
                return date
    raise ValueError(f"no month {month} has a day {day}")


def day_ahead(day: int, today: datetime.date) -> datetime.date:
    """Return the next day with that number, today included."""
    first = today.replace(day=1)
    for _ in range(3):  # of two months in a row one has 31 days, and today's may be over
        length = calendar.monthrange(first.year, first.month)[1]
        if day <= length and first.replace(day=day) >= today:
            return first.replace(day=day)
        first += datetime.timedelta(length)
    raise ValueError(f"no month has a day {day}")
