"""The messages between the page and its line."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.phone import messages
from calls.phone.messages import Dial, InvalidMessage, InvalidNumber, Press, parse

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
TYPES = st.sampled_from(["dial", "press", "spoken", "words", "react", "part", "hang-up", "x"])


@given(st.text(max_size=200))
def test_any_text_is_a_message_or_is_refused(text: str) -> None:
    """Nothing else comes of it, whatever a page may send."""
    with suppress(InvalidMessage, InvalidNumber):
        assert isinstance(parse(text), messages.FromPage)


@given(TYPES, st.dictionaries(st.sampled_from(["bot", "number", "key", "id", "text"]), JSON))
def test_any_fields_are_a_message_or_are_refused(kind: str, fields: dict[str, object]) -> None:
    """What is taken keeps to its bounds."""
    try:
        message = parse(json.dumps({**fields, "type": kind}))
    except (InvalidMessage, InvalidNumber):
        return
    if isinstance(message, Dial):
        assert message.number == "" or message.number.startswith("+")
        assert message.bot is None or message.bot >= 1
    if isinstance(message, Press):
        assert message.key in "0123456789*#"
        assert len(message.key) == 1


@pytest.mark.parametrize("number", ["+31201234567", "+15005550001", ""])
def test_number_has_a_country_code_or_is_withheld(number: str) -> None:
    """As telephones tell it."""
    assert parse(json.dumps({"type": "dial", "number": number})) == Dial(None, number)


@pytest.mark.parametrize(
    "number", ["112", "+0123456", "+31 20", "+3120123456789012", "+31201234567\n", "x"]
)
def test_other_numbers_are_refused(number: str) -> None:
    """The channel layer has groups by number, and the record shows it; the user is told plainly."""
    with pytest.raises(InvalidNumber, match="That is no telephone number"):
        parse(json.dumps({"type": "dial", "number": number}))


def test_deep_nesting_is_refused() -> None:
    """It would be a way to exhaust a parser."""
    with pytest.raises(InvalidMessage):
        parse('{"type": "words", "text": ' + "[" * 2000 + "]" * 2000 + "}")


def test_messages_to_the_page_have_a_type() -> None:
    """By which its script tells them apart."""
    written = json.loads(messages.write(messages.Say(1, "Hi", "en-US", "")))
    assert written == {"type": "say", "id": 1, "text": "Hi", "language": "en-US", "voice": ""}
