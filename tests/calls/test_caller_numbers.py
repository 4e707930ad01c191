"""A caller's number, kept out of texts."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calls.caller_numbers import without_digits, without_number

NUMBER = "+31612345678"


@pytest.mark.parametrize(
    "text",
    [
        "+31612345678",
        "call 06 1234 5678 please",
        "(06) 12-34-56-78",
        "0031 6 12345678",
        "3 1, 6, 1 2 3 4 5 6 7 8",
        "twice: 0612345678, 0612345678",
    ],
)
def test_number_is_hidden_however_it_is_written(text: str) -> None:
    """With its country code or without, in any groups."""
    shown = without_number(text, NUMBER)
    assert "[number]" in shown
    assert "5678" not in shown.replace(" ", "").replace("-", "")


@pytest.mark.parametrize(
    "said",
    [
        "oh six one two three four five six seven eight",
        "six, one, two, three, four, five, six, seven, eight",
        "zero six twelve thirty-four fifty six seventy-eight",
        "Zero Six 1 2 three four 56 seven eight",
        "nul zes een twee drie vier vijf zes zeven acht",
        "null sechs zwölf vierunddreißig sechsundfünfzig achtundsiebzig",
    ],
)
def test_number_is_hidden_in_words_too(said: str) -> None:
    """Some recognizers write them, whatever the language of the caller."""
    shown = without_number(f"my number is {said} for now, thanks", NUMBER)
    assert shown == "my number is [number] for now, thanks"


def test_number_that_two_languages_read_is_hidden_once() -> None:
    """Figures are the same in all of them, and “one” is a word of a single one."""
    assert without_number("is 6… 1… 2… 3… 4… 5… 6… 7… 8… one, ok", NUMBER) == "is [number], ok"


def test_number_with_double_digits_is_hidden() -> None:
    """As callers say them."""
    said = "oh six double one two two double three double four"
    assert without_number(f"it is {said}", "+31611223344") == "it is [number]"


@pytest.mark.parametrize(
    "text",
    [
        "four seven one one, that is my order, for two to four people",
        "six one two three four five six seven nine",
        "double",
    ],
)
def test_other_number_words_stay(text: str) -> None:
    """Orders, dates and the numbers of others."""
    assert without_number(text, NUMBER) == text


def test_other_number_stays() -> None:
    """A caller may well name somebody else's."""
    assert without_number("call +31201234567", NUMBER) == "call +31201234567"


def test_words_around_the_number_stay() -> None:
    """Nothing but the number goes."""
    assert without_number("my number is 0612345678, ok", NUMBER) == "my number is [number], ok"


@pytest.mark.parametrize("number", ["", "anonymous", "client:support", "911"])
def test_caller_without_a_telling_number_hides_nothing(number: str) -> None:
    """A short code or a word may stand in any text."""
    assert without_number("911 is anonymous", number) == "911 is anonymous"


@settings(deadline=None)
@given(st.text(max_size=200), st.from_regex(r"\+[1-9][0-9]{7,14}", fullmatch=True))
def test_number_as_it_came_never_survives(text: str, number: str) -> None:
    """Wherever in a text it stands alone."""
    assert number not in without_number(f"{text} {number} {text}", number)


@pytest.mark.parametrize("piece", ["1 ", "1(", " ", "+3161234567 ", "six one ", "double "])
def test_long_texts_take_no_time(piece: str) -> None:
    """What callers say may have 10,000 characters."""
    text = piece * (10_000 // len(piece))
    assert without_number(text, NUMBER) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("my number is 06 123", "my number is [number]"),
        ("it is zero six one", "it is [number]"),
        ("nul zes een twee", "[number]"),
        ("two for tomorrow", "two for tomorrow"),
        ("it is 06", "it is 06"),
    ],
)
def test_number_that_is_being_said_is_hidden(text: str, shown: str) -> None:
    """Before it can be told whose it is."""
    assert without_digits(text) == shown


@given(st.integers(3, 12))
def test_no_more_than_two_digits_of_a_number_are_seen_as_it_is_said(length: int) -> None:
    """However much of it has been said."""
    said = " ".join("0612345678901"[:length])
    assert not re.search(r"\d", without_digits(f"call {said}"))
