"""Tests of the way from a phrase to spoken words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.speech.offline.wording import number_words, spoken_words

KNOWN = {
    "not",
    "good",
    "twenty",
    "four",
    "wi-fi",
    "p.m.",
    "pm",
    "two",
    "thirty",
    "i'm",
    "cafe",
    "x",
}


def words(phrase: str) -> str:
    """Give the spoken words of a phrase as one string."""
    return " ".join(spoken_words(phrase, KNOWN.__contains__))


@pytest.mark.parametrize(
    ("phrase", "spoken"),
    [
        ("Not good!", "not good"),
        ("24", "twenty four"),
        ("24/7", "twenty four seven"),
        ("2:30 pm", "two thirty pm"),
        ("2:30pm", "two thirty pm"),
        ("12:00", "twelve o'clock"),
        ("9:05", "nine oh five"),
        ("10,000", "ten thousand"),
        ("1,001", "one thousand one"),
        ("007", "zero zero seven"),
        ("0", "zero"),
        ("5551234567", "five five five one two three four five six seven"),
        ("Wi-Fi", "wi-fi"),
        ("P.M.", "p.m."),
        ("not-good", "not good"),
        ("4x4", "four x four"),
        ("café", "cafe"),
        ("I’m", "i'm"),
        ("good & good", "good and good"),
        ("100%", "one hundred percent"),
        ("“good” – not", "good not"),
    ],
)
def test_spoken_words(phrase: str, spoken: str) -> None:
    """A phrase becomes the words that a caller says."""
    assert words(phrase) == spoken


@pytest.mark.parametrize("word", ["foobarix", "1st", "22nd"])
def test_an_unknown_word_stays(word: str) -> None:
    """What cannot be put in known words is left as it is, to be reported."""
    assert words(f"not {word}") == f"not {word}"


@pytest.mark.parametrize("phrase", ["", "  ", "?!", "–"])
def test_a_phrase_without_a_word(phrase: str) -> None:
    """Punctuation alone is nothing that can be said."""
    assert words(phrase) == ""


@given(st.text())
def test_any_text_gives_words_without_blanks(phrase: str) -> None:
    """Whatever an editor types, each word is one non-empty token in lower case."""
    for word in spoken_words(phrase, lambda _: False):
        assert word
        assert not any(letter.isspace() for letter in word)


@given(st.integers(0, 999_999))
def test_different_numbers_are_said_differently(number: int) -> None:
    """Neighbouring numbers never share their words."""
    assert number_words(number) != number_words((number + 1) % 1_000_000)


@given(st.text())
def test_words_do_not_depend_on_case(phrase: str) -> None:
    """An upper-case ASCII phrase is said as a lower-case one."""
    plain = phrase.encode("ascii", "ignore").decode()
    assert words(plain.upper()) == words(plain.lower())
