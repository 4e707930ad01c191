"""Telephone numbers as editors write them."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.phone_numbers import to_destination, to_e164


@pytest.mark.parametrize(
    "text", ["+31 20 123 4567", "+31-20-1234567", "+31201234567", "+31 (0)20 1234567"]
)
def test_number_is_kept_in_one_form(text: str) -> None:
    """However it is written, with its country code."""
    assert to_e164(text) == "+31201234567"


@pytest.mark.parametrize("text", ["", "020 123 4567", "call me", "+31", "+999999999999999999"])
def test_number_that_nobody_can_dial_is_refused(text: str) -> None:
    """The sentence says how to write it."""
    with pytest.raises(ValueError, match="such as"):
        to_e164(text)


def test_destination_may_be_a_sip_address() -> None:
    """An office telephone system has those."""
    assert to_destination("sip:desk@example.com") == "sip:desk@example.com"


@given(st.text())
def test_destination_of_any_text_is_good_or_refused(text: str) -> None:
    """Nothing else is raised, and what is taken is taken again."""
    with contextlib.suppress(ValueError):
        destination = to_destination(text)
        assert to_destination(destination) == destination
