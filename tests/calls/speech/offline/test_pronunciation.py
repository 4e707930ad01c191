"""Tests of what the engine can hear, and of what the editor is told."""

import subprocess
import sys

import pytest

from calls.speech.offline.pronunciation import (
    PHONES,
    Lexicon,
    _dictionary,
    keyword_problems,
    normalise_phones,
    pronunciation_problems,
    unknown_words,
)
from chatbot.values import KINDS, typical


def test_the_phones_are_those_of_the_dictionary() -> None:
    """The list of phones names exactly what the model's dictionary uses."""
    used = {phone for line in _dictionary() for phone in line.split()[1:]}
    assert used == PHONES


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_typical_of_a_value_can_be_heard(kind: str) -> None:
    """Of what replies can expect, the dictionary has every word."""
    lexicon = Lexicon()
    assert [word for said in typical(kind, "en") for word in unknown_words(said, lexicon)] == []


def test_every_pronunciation_of_a_word_is_found() -> None:
    """A word's variants count as well as its first line."""
    assert Lexicon().sounds("read") == ("R EH D", "R IY D")


def test_a_word_that_begins_like_another_is_not_it() -> None:
    """The lookup compares whole words."""
    assert Lexicon().sounds("hell") == ("HH EH L",)


def test_a_word_unknown_to_the_dictionary() -> None:
    """The unknown words of a phrase are named once each."""
    assert unknown_words("Hello foobarix foobarix", Lexicon()) == ("foobarix",)


def test_a_pronunciation_given_by_hand_counts() -> None:
    """With its phones, in any case and with stress marks, a word is known."""
    lexicon = Lexicon([("Foobarix", "f uw1 b AA0 r ih k s")])
    assert lexicon.sounds("foobarix") == ("F UW B AA R IH K S",)
    assert unknown_words("Hello, Foobarix!", lexicon) == ()


def test_a_given_pronunciation_stands_beside_the_dictionary() -> None:
    """A further way to say a known word is added to those known."""
    assert Lexicon([("read", "R AE D")]).sounds("read") == ("R AE D", "R EH D", "R IY D")


def test_no_problem_with_a_known_keyword() -> None:
    """Words, numbers and clock times that the engine knows need nothing."""
    assert keyword_problems("Not good, at 2:30 pm", "en-GB") == []


def test_problem_with_an_unknown_word() -> None:
    """The editor is told which word, what it means for callers, and what to do."""
    assert keyword_problems("ask foobarix", "en-US") == [
        'The offline recognizer does not know the word "foobarix": callers cannot be heard '
        'saying "ask foobarix" until you give its pronunciation.'
    ]


def test_problem_with_the_language() -> None:
    """In another language than English nothing can be heard."""
    (problem,) = keyword_problems("hallo", "de-DE")
    assert '"de-DE"' in problem
    assert "RECOGNIZER=google" in problem


def test_problem_with_phones_the_model_lacks() -> None:
    """A wrong phone is named, and the word stays unknown."""
    problems = keyword_problems("foobarix", "en", [("Foobarix", "F UW QQ")])
    assert "QQ" in problems[0]
    assert "does not know the word" in problems[1]


def test_the_pronunciation_of_another_word_is_no_problem_of_this_one() -> None:
    """A keyword is only reported for words of its own."""
    assert keyword_problems("hello", "en", [("foobarix", "QQ")]) == []


def test_problem_with_a_keyword_without_words() -> None:
    """A keyword of punctuation cannot be said."""
    assert keyword_problems("?!", "en") == ['"?!" has no word that a caller could say.']


def test_pronunciations_are_given_word_by_word() -> None:
    """Two words, or no phones, are refused."""
    assert "not one word" in pronunciation_problems("foo bar", "F UW")[0]
    assert "empty" in pronunciation_problems("foo", " ")[0]


def test_phones_are_brought_into_one_form() -> None:
    """Case, blanks and stress marks of printed dictionaries make no difference."""
    assert normalise_phones(" hh ah0  l OW1 ") == "HH AH L OW"


def test_asking_needs_no_engine_at_import() -> None:
    """A web process that imports the questions loads no engine and no audio library."""
    code = (
        "import sys; import calls.speech.offline.pronunciation; "
        "sys.exit(any(name in sys.modules for name in ('pocketsphinx', 'soxr', 'sounddevice')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
