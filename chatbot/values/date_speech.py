"""How a date is said."""

import datetime
import re
from functools import lru_cache

from babel.dates import format_date

from chatbot.values.locale import locale_of

# The year at the end of a pattern of CLDR, with what binds it: "d 'de' MMMM 'de' y".
_YEAR_AT_END = re.compile(r",?\s*(?:'[^']*'\s*)?y+$")


def in_full(date: datetime.date, language: str) -> str:
    """Return "Monday, November 23, 2026"; the ISO form in a language that CLDR does not know."""
    locale = locale_of(language)
    return date.isoformat() if locale is None else format_date(date, "full", locale)


def without_year(date: datetime.date, language: str) -> str:
    """Return "Monday 23 November", without commas: a voice would halt at them.

    In languages that do not put the year last, it is said.
    """
    pattern = _pattern_without_year(language)
    return (
        in_full(date, language)
        if pattern is None
        else format_date(date, pattern, locale_of(language))
    )


@lru_cache(maxsize=256)
def _pattern_without_year(language: str) -> str | None:
    locale = locale_of(language)
    if locale is None:
        return None
    full = locale.date_formats["full"].pattern
    pattern = _YEAR_AT_END.sub("", full)
    return None if pattern == full else pattern.replace(",", "")
