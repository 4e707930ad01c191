"""Texts in the form in which values are read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.values.text import fold, without_accents, words_of


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("O’Clock", "oclock"),
        ("  FÜNF ", "fünf"),
        ("e\u0301", "é"),
        ("٣٤", "34"),
        ("１２", "12"),
        ("co\u00adop", "coop"),
        ("12,50", "12,50"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    """Case, apostrophes, soft hyphens and the script of digits do not count; accents do."""
    assert fold(text) == folded


@given(st.text(st.characters()))
def test_fold_leaves_ascii_digits_only(text: str) -> None:
    """Every decimal digit is one that patterns know."""
    assert all(letter in "0123456789" for letter in fold(text) if letter.isdecimal())


@pytest.mark.parametrize(("text", "bare"), [("één", "een"), ("manana", "manana"), ("ñ", "n")])
def test_without_accents(text: str, bare: str) -> None:
    """Recognizers write accents or leave them."""
    assert without_accents(text) == bare


def test_words_of_splits_at_punctuation() -> None:
    """A hyphen is a space."""
    assert words_of("twenty-five, please") == ["twenty", "five", "please"]
