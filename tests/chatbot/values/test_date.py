"""Dates that callers say."""

import datetime

import pytest

from chatbot.values import Value, read, spoken
from tests.chatbot.values.reading import canonical, said_again


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2026-11-23", "2026-11-23"),
        ("today", "2026-11-22"),
        ("tonight", "2026-11-22"),
        ("Tomorrow!", "2026-11-23"),
        ("tomorrow morning", "2026-11-23"),
        ("the day after tomorrow", "2026-11-24"),
        ("yesterday", "2026-11-21"),
        ("friday", "2026-11-27"),
        ("on friday", "2026-11-27"),
        ("friday afternoon", "2026-11-27"),
        ("this friday", "2026-11-27"),
        ("next friday", "2026-11-27"),
        ("sunday", "2026-11-29"),
        ("last friday", "2026-11-20"),
        ("next week monday", "2026-11-23"),
        ("wednesday of next week", "2026-11-25"),
        ("monday week", "2026-11-30"),
        ("a week on monday", "2026-11-30"),
        ("a week from tomorrow", "2026-11-30"),
        ("in two weeks", "2026-12-06"),
        ("in a fortnight", "2026-12-06"),
        ("in 3 days", "2026-11-25"),
        ("two weeks from now", "2026-12-06"),
        ("in three months", "2027-02-22"),
        ("23 november", "2026-11-23"),
        ("22 november", "2026-11-22"),
        ("21 november", "2027-11-21"),
        ("the twenty third of november", "2026-11-23"),
        ("November 23rd", "2026-11-23"),
        ("Nov. 23", "2026-11-23"),
        ("november twenty third", "2026-11-23"),
        ("November 23, 2027", "2027-11-23"),
        ("november twenty third twenty twenty seven", "2027-11-23"),
        ("the first of may two thousand and twenty seven", "2027-05-01"),
        ("23 november nineteen eighty four", "1984-11-23"),
        ("monday november twenty third", "2026-11-23"),
        ("saturday the 21st of november", "2026-11-21"),
        ("may first", "2027-05-01"),
        ("the second of may", "2027-05-02"),
        ("on the 5th of may", "2027-05-05"),
        ("the first", "2026-12-01"),
        ("the 23rd", "2026-11-23"),
        ("monday the 23rd", "2026-11-23"),
        ("the thirty first", "2026-12-31"),
        ("february 29", "2028-02-29"),
        ("11/23", "2026-11-23"),
        ("11/12", "2027-11-12"),
        ("23/11", "2026-11-23"),
        ("11-23-2027", "2027-11-23"),
        ("11/23/27", "2027-11-23"),
        ("11/23/84", "1984-11-23"),
    ],
)
def test_date_in_american_english(text: str, date: str) -> None:
    """Dates without a year lie ahead; the month comes first where both could."""
    assert canonical("date", text, "en-US") == date


@pytest.mark.parametrize(
    ("text", "date"),
    [("11/12", "2026-12-11"), ("11/23", "2026-11-23"), ("23/11/27", "2027-11-23")],
)
def test_date_in_british_english(text: str, date: str) -> None:
    """The day comes first where both could."""
    assert canonical("date", text, "en-GB") == date


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("vandaag", "2026-11-22"),
        ("morgen", "2026-11-23"),
        ("morgenochtend", "2026-11-23"),
        ("overmorgen", "2026-11-24"),
        ("maandag", "2026-11-23"),
        ("aanstaande vrijdag", "2026-11-27"),
        ("vrijdagmiddag", "2026-11-27"),
        ("vrijdag 's avonds", "2026-11-27"),
        ("afgelopen dinsdag", "2026-11-17"),
        ("volgende week maandag", "2026-11-23"),
        ("maandag over een week", "2026-11-30"),
        ("vandaag over een week", "2026-11-29"),
        ("over twee weken", "2026-12-06"),
        ("drieëntwintig november", "2026-11-23"),
        ("drieentwintig november", "2026-11-23"),
        ("de eerste mei", "2027-05-01"),
        ("één mei", "2027-05-01"),
        ("op 5 mei", "2027-05-05"),
        ("1 mrt", "2027-03-01"),
        ("de 23e", "2026-11-23"),
        ("de 23ste van november", "2026-11-23"),
        ("maandag 23 november tweeduizend zesentwintig", "2026-11-23"),
        ("23-11", "2026-11-23"),
        ("23/11/2027", "2027-11-23"),
    ],
)
def test_date_in_dutch(text: str, date: str) -> None:
    """Weekdays, day parts in one word, ordinals and figures."""
    assert canonical("date", text, "nl-NL") == date


@pytest.mark.parametrize(
    ("text", "language", "date"),
    [
        ("23. November", "de-DE", "2026-11-23"),
        ("23.11.", "de-DE", "2026-11-23"),
        ("23.11", "de-DE", "2026-11-23"),
        ("der dritte Mai", "de-DE", "2027-05-03"),
        ("übermorgen", "de-DE", "2026-11-24"),
        ("lundi", "fr-FR", "2026-11-23"),
        ("aujourd’hui", "fr-FR", "2026-11-22"),
        ("le premier février", "fr-FR", "2027-02-01"),
        ("23 de noviembre", "es-ES", "2026-11-23"),
        ("23 ноября", "ru-RU", "2026-11-23"),
        ("11/23", "ja-JP", "2026-11-23"),
        ("2026-11-23", "xx", "2026-11-23"),
    ],
)
def test_date_in_other_languages(text: str, language: str, date: str) -> None:
    """CLDR knows the months, the weekdays and the order of any language."""
    assert canonical("date", text, language) == date


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "may",
        "one",
        "first",
        "23",
        "2026",
        "november 2026",
        "sat",
        "next week",
        "week",
        "friday friday",
        "call me tomorrow",
        "february 30",
        "the thirty second",
        "13/13",
        "0/5",
        "3.5",
        "tuesday november twenty third",
        "monday november 23 2027",
        "in 99999 days",
        "in 9999999999999999999999 weeks",
        "the 0th",
        "the 99999999999999999999th",
    ],
)
def test_date_refuses(text: str) -> None:
    """Months or numbers alone, days that do not exist and weekdays that disagree are no dates."""
    assert canonical("date", text, "en-US") is None


@pytest.mark.parametrize("text", ["hallo", "een", "mei", "volgende week", "23", "de", "12.50"])
def test_date_refuses_in_dutch(text: str) -> None:
    """A month, a number or a week alone is no date."""
    assert canonical("date", text, "nl-NL") is None


@pytest.mark.parametrize(
    ("today", "text", "date"),
    [
        ("2026-11-23", "monday", "2026-11-30"),
        ("2026-11-25", "friday", "2026-11-27"),
        ("2026-11-25", "this friday", "2026-11-27"),
        ("2026-11-25", "next friday", "2026-12-04"),
        ("2026-11-28", "next sunday", "2026-12-06"),
        ("2026-01-31", "in a month", "2026-02-28"),
        ("2026-12-31", "tomorrow", "2027-01-01"),
        ("2027-01-30", "the thirty first", "2027-01-31"),
        ("2027-02-01", "the thirty first", "2027-03-31"),
    ],
)
def test_date_counts_from_today(today: str, text: str, date: str) -> None:
    """A weekday is the next after today; "next" is the one of the next calendar week."""
    value = read("date", text, "en-GB", datetime.date.fromisoformat(today))
    assert value is not None
    assert value.value == date


@pytest.mark.parametrize(
    "text", ["tomorrow", "in 5 days", "next friday", "in a month", "the first of may"]
)
def test_date_beyond_the_calendar(text: str) -> None:
    """There is no day after the last of Python's calendar."""
    assert read("date", text, "en-US", datetime.date.max) is None


def test_date_before_the_calendar() -> None:
    """There is no day before the first of Python's calendar."""
    assert read("date", "yesterday", "en-US", datetime.date.min) is None


@pytest.mark.parametrize(
    ("text", "language", "said"),
    [
        ("11/23", "en-US", "Monday November 23"),
        ("23/11", "en-GB", "Monday 23 November"),
        ("morgen", "nl-NL", "maandag 23 november"),
        ("morgen", "de-DE", "Montag 23. November"),
        ("23 de noviembre", "es-ES", "lunes 23 de noviembre"),
        ("11/23/2026", "en-US", "Monday, November 23, 2026"),
        ("23 november 2026", "nl-NL", "maandag 23 november 2026"),
        ("11/23", "ja-JP", "2026年11月23日月曜日"),
        ("11/23", "xx", "2026-11-23"),
        ("2026-11-23", "xx", "2026-11-23"),
    ],
)
def test_date_spoken(text: str, language: str, said: str) -> None:
    """The year is said where the caller said it, or where the language begins with it."""
    assert said_again("date", text, language) == said


def test_date_spoken_that_nobody_said() -> None:
    """A date whose words tell nothing of its year is said in full."""
    assert spoken(Value("date", "2026-11-23", ""), "en-GB") == "Monday, 23 November 2026"
