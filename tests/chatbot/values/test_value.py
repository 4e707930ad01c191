"""What all kinds of values have in common."""

import datetime
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.values import KINDS, LONGEST_TEXT, Value, read, spoken, warm
from tests.chatbot.values.reading import TODAY

# Lone surrogates too: JSON can carry them.
ANY_TEXT = st.text(st.characters(), max_size=LONGEST_TEXT + 10)
KIND = st.sampled_from(sorted(KINDS))
LANGUAGE = st.sampled_from(
    ["en-US", "en-GB", "nl-NL", "de-DE", "fr-FR", "es-ES", "it-IT", "pt-BR", "ja-JP", "hu", "xx"]
)
DAY = st.dates()
# Words that the grammars know, in rows that make no sense.
_KNOWN = """
a the of on at in from this next last week weeks month months day monday may november tomorrow
first second third twenty three 3 23 31st 0 99 2026 half quarter past to oh double triple minus
point five million hundred and pm am noon night yes no please de eerste over voor kwart uur
maandag volgende morgen een drie dubbel komma min twintigste miljoen honderd 's avonds ja nee
niet hoor + - / : . , # * ( ) 11/23 3:30
"""
SPEECH = st.lists(st.sampled_from(_KNOWN.split()), max_size=10).map(" ".join)


def test_kinds_are_named_as_they_are_found() -> None:
    """A kind stands under its own name, and has a label for the editor."""
    assert [*KINDS] == ["digits", "number", "date", "time", "phone", "yesno", "words"]
    assert all(kind.name == name and kind.label for name, kind in KINDS.items())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["en-US", "nl-NL", "ja-JP", "xx"])
def test_example_reads_as_its_kind(kind: str, language: str) -> None:
    """The example of a kind is a canonical form that reads as itself in every language."""
    example = KINDS[kind].example
    assert KINDS[kind].is_canonical(example)
    assert read(kind, example, language, TODAY) == Value(kind, example, example)


def test_read_keeps_what_was_said() -> None:
    """The caller's words stay beside what they mean."""
    assert read("digits", " Double  four ", "en-US", TODAY) == Value("digits", "44", "Double four")


def test_read_of_an_unknown_kind() -> None:
    """A kind that does not exist is a mistake of the program."""
    with pytest.raises(KeyError):
        read("colour", "red", "en-US", TODAY)


@pytest.mark.parametrize("kind", KINDS)
def test_read_of_a_text_that_is_too_long(kind: str) -> None:
    """Nobody says a value of 201 characters."""
    assert read(kind, "1" * (LONGEST_TEXT + 1), "en-US", TODAY) is None


@given(KIND, ANY_TEXT | SPEECH, LANGUAGE, DAY)
def test_read_takes_any_text(kind: str, text: str, language: str, today: datetime.date) -> None:
    """Whatever is read has a canonical form, can be said and kept; nothing raises."""
    value = read(kind, text, language, today)
    if value is not None:
        assert KINDS[kind].is_canonical(value.value)
        assert spoken(value, language)
        assert Value.from_json(json.loads(json.dumps(value.to_json()))) == value


@given(KIND, SPEECH, st.sampled_from(["en-US", "en-GB", "ja-JP", "xx"]), DAY)
def test_canonical_form_reads_as_itself(
    kind: str, text: str, language: str, today: datetime.date
) -> None:
    """A canonical form means itself where the point is the decimal sign."""
    value = read(kind, text, language, today)
    if value is not None:
        again = read(kind, value.value, language, today)
        assert again is not None
        assert again.value == value.value


@given(st.dates())
def test_canonical_date_is_its_day(day: datetime.date) -> None:
    """Every day of the calendar is read from its ISO form."""
    value = read("date", day.isoformat(), "nl-NL", TODAY)
    assert value is not None
    assert value.value == day.isoformat()


@given(st.text("0123456789", min_size=1, max_size=24))
def test_spoken_digits_read_as_themselves(digits: str) -> None:
    """What the bot says digit by digit can be said back to it."""
    value = Value("digits", digits, digits)
    again = read("digits", spoken(value, "en-US"), "en-US", TODAY)
    assert again is not None
    assert again.value == digits


@given(st.recursive(st.none() | st.booleans() | st.integers() | ANY_TEXT, lambda inner:
       st.lists(inner) | st.dictionaries(ANY_TEXT, inner)))  # fmt: skip
def test_from_json_takes_anything(junk: object) -> None:
    """What is no value reads as none."""
    assert Value.from_json(junk) is None


@given(KIND, ANY_TEXT, ANY_TEXT, LANGUAGE)
def test_from_json_gives_values_that_can_be_said(
    kind: str, value: str, said: str, language: str
) -> None:
    """A form that is not canonical is refused, so that every value can be said."""
    restored = Value.from_json({"kind": kind, "value": value, "said": said})
    if restored is not None:
        assert isinstance(spoken(restored, language), str)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("colour", "red"),
        ("digits", "four"),
        ("digits", "٣"),
        ("number", "1,5"),
        ("number", "-0"),
        ("number", "1.50"),
        ("date", "2026-02-30"),
        ("date", "20261123"),
        ("time", "24:00"),
        ("phone", "0612345678"),
        ("phone", "+999999999999999"),
        ("phone", "+310612345678"),
        ("yesno", "maybe"),
        ("words", " "),
    ],
)
def test_from_json_refuses_other_forms(kind: str, value: str) -> None:
    """Only the canonical form of a known kind is a value."""
    assert Value.from_json({"kind": kind, "value": value, "said": ""}) is None


@pytest.mark.parametrize("language", ["en-US", "nl", "cmn-Hans-CN", "xx", ""])
def test_warm_takes_any_language(language: str) -> None:
    """Warming up for a language that nobody knows is no mistake."""
    warm(language)
    assert read("digits", "1", language, TODAY) is not None
