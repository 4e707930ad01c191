"""The form in which words are compared, and where in a text each of them stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.normalise import Utterance, normalise

# Lone surrogates too: JSON can carry them.
ANY_TEXT = st.text(st.characters(), max_size=200)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ()),
        ("?! …", ()),
        ("HELLO", ("hello",)),
        ("Don't", ("dont",)),
        ("don’t", ("dont",)),
        ("don´t", ("dont",)),
        ("check-in", ("check", "in")),
        ("  a \t\n b ", ("a", "b")),
        ("Café", ("cafe",)),
        ("Cafe\u0301", ("cafe",)),
        ("Straße", ("strasse",)),
        ("Ёлка", ("елка",)),
        ("Ἀθήνα", ("αθηνα",)),
        ("ｆｕｌｌ", ("full",)),
        ("co\u00adop", ("coop",)),
        ("snake_case", ("snake", "case")),
        ("\ud800 x", ("x",)),
        ("\u0301 x", ("x",)),
        ("\u0901abc", ("abc",)),
        ("ŉ", ("n",)),
        ("½ cup", ("1", "2", "cup")),
        ("㋿", ("令", "和")),
    ],
)
def test_normalise_folds(text: str, words: tuple[str, ...]) -> None:
    """Case, accents, punctuation and odd spaces do not count."""
    assert normalise(text) == words


def test_normalise_keeps_hindi_vowel_signs() -> None:
    """Marks that are part of the spelling stay: without them other words would be meant."""
    assert normalise("नमस्ते, दुनिया!") == ("नमस्ते", "दुनिया")


def test_normalise_keeps_hangul_syllables_whole() -> None:
    """Syllables are put together again after their parts were compared."""
    assert normalise("안녕하세요") == ("안녕하세요",)


def test_normalise_keeps_the_voicing_of_kana() -> None:
    """が and か are two letters, and each character of an unspaced script is a word."""
    assert normalise("がか ok") == ("が", "か", "ok")


@given(ANY_TEXT)
def test_normalise_is_stable(text: str) -> None:
    """Words that were normalised stay as they are."""
    words = normalise(text)
    assert normalise(" ".join(words)) == words


@pytest.mark.parametrize("keys", ["1", "0", "*", "#", "*9", "4477#"])
def test_normalise_keeps_keys(keys: str) -> None:
    """What is keyed in is one word, stars and hashes and all."""
    assert normalise(f" {keys}\n") == (keys,)


def test_normalise_takes_stars_in_speech_for_punctuation() -> None:
    """Only a text of nothing but keys was keyed in."""
    assert normalise("press *9 now") == ("press", "9", "now")


@given(ANY_TEXT | st.text("0123456789*# ", max_size=5))
def test_utterance_has_the_words_of_normalise(text: str) -> None:
    """Both ways of splitting a text give the same words."""
    assert Utterance.of(text).words == normalise(text)


@given(ANY_TEXT.filter(normalise))
def test_utterance_said_gives_back_what_each_word_was_made_of(text: str) -> None:
    """A word as it was said has the word in it when it is split again."""
    utterance = Utterance.of(text)
    for place, word in enumerate(utterance.words):
        assert word in normalise(utterance.said(place, place + 1))


@pytest.mark.parametrize(
    ("text", "first", "last", "said"),
    [
        ("on 23/11, please", 1, 3, "23/11"),
        ("it costs 12.50!", 2, 4, "12.50"),
        ("call +31 (020) 123", 1, 4, "+31 (020) 123"),
        ("call (020) 123", 1, 3, "(020) 123"),
        ("I am Zoë-Ann.", 2, 4, "Zoë-Ann"),
        ("今天天气好", 2, 4, "天气"),
        ("*9", 0, 1, "*9"),
    ],
)
def test_utterance_said_gives_a_span_as_it_was_said(
    text: str, first: int, last: int, said: str
) -> None:
    """Punctuation inside a span stays, and what opens a telephone number; that around it goes."""
    assert Utterance.of(text).said(first, last) == said
