"""Tests of pronunciations that the dictionary lacks."""

import pytest

from calls.speech.offline.accents import with_accents


@pytest.mark.parametrize(
    ("sound", "without_r"),
    [
        ("K AH M P Y UW T ER", "K AH M P Y UW T AH"),
        ("S M AA R T", "S M AA T"),
        ("F AO R", "F AO"),
        ("HH IH R", "HH IH AH"),
        ("AW ER", "AW AH"),
    ],
    ids=["computer", "smart", "four", "here", "hour"],
)
def test_an_r_without_a_vowel_behind_it_may_be_silent(sound: str, without_r: str) -> None:
    """The dictionary's way comes first, the way without R second."""
    assert with_accents((sound,)) == (sound, without_r)


@pytest.mark.parametrize(
    "sound",
    ["R IY D", "M EH R IY", "TH ER T IY", "HH ER", "Y EH S"],
    ids=["read", "merry", "thirty", "her", "yes"],
)
def test_any_other_r_is_always_said(sound: str) -> None:
    """An R before a vowel, and the only vowel of a word, stay."""
    assert with_accents((sound,)) == (sound,)


def test_the_same_sounds_are_given_once() -> None:
    """A variant that the dictionary has already adds nothing."""
    assert with_accents(("S AO R", "S AO")) == ("S AO R", "S AO")
