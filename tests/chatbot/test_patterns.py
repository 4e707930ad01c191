"""Keywords with blanks, and replies with placeholders."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.patterns import Blank, PatternError, fill, parse, placeholders
from chatbot.values import KINDS

# Braces and colons often, so that blanks come about.
ANY_TEXT = st.text(st.characters() | st.sampled_from("{}: a1"), max_size=60)
NAMES = st.text(string.ascii_letters, min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("opening hours", ("opening hours",)),
        ("  Hello! ", ("Hello",)),
        ("*9", ("*9",)),
        ("{when:date}", (Blank("when", "date"),)),
        ("{reason}", (Blank("reason", "words"),)),
        ("my order is {order:digits}.", ("my order is", Blank("order", "digits"))),
        ("call {name:words} please", ("call", Blank("name", "words"), "please")),
        ("{ order_2 : Digits }", (Blank("order_2", "digits"),)),
        ("{day:date}, {hour:time}", (Blank("day", "date"), Blank("hour", "time"))),
    ],
)
def test_parse_reads(text: str, parts: tuple[str | Blank, ...]) -> None:
    """A keyword is its texts and its blanks, without the spaces and punctuation around them."""
    assert parse(text).parts == parts


def test_pattern_blanks_leaves_the_texts_out() -> None:
    """The blanks of a pattern come in their order."""
    pattern = parse("from {start:date} to {end:date}")
    assert pattern.blanks == (Blank("start", "date"), Blank("end", "date"))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "has no word"),
        ("?!", "has no word"),
        ("my {order:digit}", "of the kind “digit”"),
        ("my {order:}", "of the kind “”"),
        ("my {}", "needs a name"),
        ("my {:digits}", "needs a name"),
        ("my {1st}", "needs a name"),
        ("my {größe}", "needs a name"),
        ("my {two words}", "needs a name"),
        ("my {order", "brace"),
        ("my order}", "brace"),
        ("my {{order}}", "brace"),
        ("{a:date} or {a:time}", "two blanks named “a”"),
        ("{a} {b}", "nothing tells"),
        ("{a:digits} {b:words}", "nothing tells"),
        ("{a:words}, {b:date}", "nothing tells"),
    ],
)
def test_parse_refuses(text: str, why: str) -> None:
    """A keyword that cannot be read is refused with a sentence that quotes it."""
    with pytest.raises(PatternError, match=why) as refusal:
        parse(text)
    assert f"“{text}”" in str(refusal.value)


def test_parse_of_an_unknown_kind_lists_the_kinds() -> None:
    """The editor is told what can be written instead."""
    with pytest.raises(PatternError) as refusal:
        parse("{order:ordinal}")
    assert all(kind in str(refusal.value) for kind in KINDS)


@given(ANY_TEXT)
def test_parse_gives_a_pattern_or_a_sentence(text: str) -> None:
    """Whatever is written, there is no other error, and no pattern of nothing."""
    outcome: object
    try:
        outcome = parse(text).parts
    except PatternError as error:
        outcome = str(error).endswith(".")
    assert outcome


@given(NAMES, st.sampled_from(sorted(KINDS)))
def test_parse_reads_a_blank_of_every_kind(name: str, kind: str) -> None:
    """Every well-formed blank comes out as it was written."""
    assert parse(f"say {{{name}:{kind}}}").parts == ("say", Blank(name, kind))


def test_placeholders_names_each_once() -> None:
    """The names in a reply come in their order; other braces are text."""
    text = "{b} {a} {b} {} { c } {d:digits} {1} {{e}}"
    assert placeholders(text) == ("b", "a", "e")


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("Thank you {name}.", "Thank you Ann."),
        ("{name}{name}", "AnnAnn"),
        ("Thank you {who}!", "Thank you!"),
        ("Thank you {who}", "Thank you"),
        ("{who}, hello", ", hello"),
        ("{who} hello", "hello"),
        ("Hi {who} {who}, {name}", "Hi, Ann"),
        ("Hi {empty} {name}", "Hi Ann"),
        ("A {thing:digits} {", "A {thing:digits} {"),
        ("Say  {brace} ", "Say  {name} "),
        ("", ""),
    ],
)
def test_fill_puts_values_in(text: str, filled: str) -> None:
    """Values take the place of their names; what has no value goes without a trace."""
    assert fill(text, {"name": "Ann", "empty": "", "brace": "{name}"}) == filled


@given(ANY_TEXT.filter(lambda text: not placeholders(text)))
def test_fill_leaves_a_text_without_placeholders(text: str) -> None:
    """A reply that holds no placeholder is said as it is written."""
    assert fill(text, {"a": "b"}) == text


@given(ANY_TEXT, st.dictionaries(NAMES, ANY_TEXT))
def test_fill_with_all_values_only_replaces(text: str, values: dict[str, str]) -> None:
    """Where every placeholder has a value, all else of the reply stays."""
    values |= dict.fromkeys(placeholders(text), "Ann")
    expected = text
    for name in placeholders(text):
        expected = expected.replace(f"{{{name}}}", "Ann")
    assert fill(text, values) == expected
