"""Dates: "tomorrow", "next friday", "the twenty third of november", "11/23".

Words become parts (see `phrases.py`), and the row of their letters is matched against a grammar:

    R day relative to today      W weekday, Monday 0      M month      Y year of four digits
    N number      O ordinal      d w m  days, weeks, months ("fortnight" is w2)
    k this week (0), the next (1), the last (-1)      x next   s this, coming   l last
    t the   o of   a on   i in   f from now   F from   p part of the day
"""

import datetime
import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from chatbot.values.date_speech import in_full, without_year
from chatbot.values.days import ahead, coming, day_ahead, in_week, last, months_later
from chatbot.values.kind import Kind
from chatbot.values.languages import typical_phrases, vocabulary_of
from chatbot.values.locale import locale_of
from chatbot.values.numerals import in_figures
from chatbot.values.phrases import Part, parts_of, phrases
from chatbot.values.text import fold, without_accents, words_of

Numbers = Mapping[str, int]

_YEARS = range(1900, 2200)
_ISO = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")
_NUMERIC = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})(?:[-/.]([0-9]{4}|[0-9]{2})|\.?)")
# Ordinals of English, Dutch, French, German, and of Spanish and its kin ("º" is folded to "o").
_NUMERAL = re.compile(r"([0-9]{1,4})(st|nd|rd|th|ste|de|er|ere|e|o|a|\.)?")

# By day parts such as "in the evening" a caller narrows a date: it stays that date.
_PARTS_OF_DAY = re.compile(r"p+$")


@lru_cache(maxsize=256)
def _phrases(language: str) -> Mapping[tuple[str, ...], Part]:
    """Return the vocabulary, and the months and weekdays that CLDR knows."""
    names: dict[tuple[str, ...], Part] = {}
    locale = locale_of(language)
    if locale is not None:
        for form in ("format", "stand-alone"):
            for width in ("abbreviated", "wide"):
                for month, name in locale.months[form][width].items():
                    names[_name(name)] = Part("M", month)
            for weekday, name in locale.days[form]["wide"].items():
                names[_name(name)] = Part("W", weekday)
    names.pop((), None)
    return names | phrases(vocabulary_of(language).dates)


def _name(text: str) -> tuple[str, ...]:
    words = tuple(words_of(without_accents(fold(text))))
    return () if any(word.isdigit() for word in words) else words


def _parse(text: str, language: str, today: datetime.date) -> tuple[datetime.date, bool] | None:
    """Return the date, and whether its year was said."""
    text = fold(text).rstrip("!?,")
    try:
        if iso := _ISO.fullmatch(text):
            return datetime.date(*map(int, iso.groups())), True
        if numeric := _NUMERIC.fullmatch(text):
            return _numeric(numeric, language, today)
        return _phrase(text, language, today)
    except (ValueError, OverflowError):  # the 31st of February, in 9999 months
        return None


def _numeric(
    match: re.Match[str], language: str, today: datetime.date
) -> tuple[datetime.date, bool] | None:
    locale = locale_of(language)
    order = locale.date_formats["short"].pattern if locale else "y-M-d"
    first, separator, second, year = match.groups()
    if separator == "." and year is None and "." not in order:
        return None  # a decimal number
    month, day = int(first), int(second)
    if order.index("d") < order.index("M"):
        month, day = day, month
    if month > 12:  # then it can only be the day
        month, day = day, month
    if year is None:
        return ahead(month, day, today), False
    if len(year) == 4:
        return datetime.date(int(year), month, day), True
    oldest = today.year - 80  # a year of two digits is one of the last 80, or of the 20 ahead
    return datetime.date(oldest + (int(year) - oldest) % 100, month, day), True


def _phrase(text: str, language: str, today: datetime.date) -> tuple[datetime.date, bool] | None:
    row = parts_of(_with_year(in_figures(words_of(text), language)), _phrases(language))
    if row is None:
        return None
    parts = [part if isinstance(part, Part) else _number(part) for part in row]
    letters = _PARTS_OF_DAY.sub("", "".join(part.letter for part in parts).removeprefix("a"))
    numbers: dict[str, int] = {}
    for part in parts:
        numbers.setdefault(part.letter, part.number)
    for pattern, rule in _GRAMMAR:
        if pattern.fullmatch(letters):
            date = rule(numbers, today)
            return None if date is None else (date, "Y" in numbers)
    return None


def _with_year(words: list[str]) -> list[str]:
    """Return words without accents, and the two halves of a year as one: "20 26" is 2026."""
    words = [without_accents(word) for word in words]
    if len(words) >= 3 and words[-2] in ("19", "20", "21") and re.fullmatch("[0-9]{2}", words[-1]):
        return [*words[:-2], words[-2] + words[-1]]
    return words


def _number(numeral: str) -> Part:
    """Return a day, a count or a year; "?" for a numeral that is no part of a date."""
    match = _NUMERAL.fullmatch(numeral)
    if match is None:
        return Part("?")
    number = int(match[1])
    if match[2]:
        return Part("O", number)
    return Part("Y" if number in _YEARS else "N", number)


def _later(numbers: Numbers, start: datetime.date) -> datetime.date:
    """Return the date that lies so many days, weeks or months after another."""
    count = numbers.get("N", 1)
    if "m" in numbers:
        return months_later(count, start)
    return start + datetime.timedelta(count * (1 if "d" in numbers else 7 * (numbers["w"] or 1)))


def _calendar_day(numbers: Numbers, today: datetime.date) -> datetime.date | None:
    """Return a day of a month; None where another weekday was said with it.

    Without a year it lies ahead, or in the year before that where only then the weekday fits.
    """
    month, day, weekday = numbers["M"], _day(numbers), numbers.get("W")
    if "Y" in numbers:
        dates = [datetime.date(numbers["Y"], month, day)]
    else:
        dates = [ahead(month, day, today)]
        if weekday is not None and (month, day) != (2, 29):
            dates.append(dates[0].replace(year=dates[0].year - 1))
    return next((date for date in dates if weekday in (None, date.weekday())), None)


def _day_of_month(numbers: Numbers, today: datetime.date) -> datetime.date | None:
    date = day_ahead(_day(numbers), today)
    return date if numbers.get("W") in (None, date.weekday()) else None


def _day(numbers: Numbers) -> int:
    return numbers["O"] if "O" in numbers else numbers["N"]


Rule = Callable[[Numbers, datetime.date], datetime.date | None]

# Rows of letters, each with what it says of the numbers that stand beside them.
_RULES: Mapping[str, Rule] = {
    "R": lambda n, today: today + datetime.timedelta(n["R"]),
    "s?W": lambda n, today: coming(n["W"], today),
    "xW": lambda n, today: in_week(n["W"], 1, today),
    "lW": lambda n, today: last(n["W"], today),
    "ka?W|Wo?k": lambda n, today: in_week(n["W"], n["k"], today),
    "iN[dwm]|N[dwm]f": lambda n, today: _later(n, today),
    "N[dwm]FR|RiN[dwm]": lambda n, today: _later(n, today + datetime.timedelta(n["R"])),
    "Nw[Fa]?W|WiNw|Ww": lambda n, today: _later(n, coming(n["W"], today)),
    "W?t?[NO]o?MY?|W?Mt?[NO]Y?": lambda n, today: _calendar_day(n, today),
    "W?t[NO]|WO": lambda n, today: _day_of_month(n, today),  # no "first" without an article
}
_GRAMMAR = tuple((re.compile(pattern), rule) for pattern, rule in _RULES.items())


def _read(text: str, language: str, today: datetime.date) -> str | None:
    parsed = _parse(text, language, today)
    return None if parsed is None else parsed[0].isoformat()


def _speak(value: str, said: str, language: str) -> str:
    date = datetime.date.fromisoformat(value)
    parsed = _parse(said, language, date)
    if parsed is not None and not parsed[1]:
        return without_year(date, language)
    return in_full(date, language)


def _is_canonical(value: str) -> bool:
    try:
        return datetime.date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _typical(language: str) -> tuple[str, ...]:
    """Return the days near today, the weekdays and the months."""
    names: list[str] = []
    locale = locale_of(language)
    if locale is not None:
        names += locale.days["format"]["wide"].values()
        names += locale.months["format"]["wide"].values()
    return (*typical_phrases("date", language), *names)


KIND = Kind(
    name="date",
    label="date, such as tomorrow or 23 November",
    max_words=14,
    example="2026-11-23",
    reader=_read,
    speaker=_speak,
    is_canonical=_is_canonical,
    typical=_typical,
)
