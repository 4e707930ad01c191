"""Which intent an utterance means, and why."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.matching import MatchKind, normalise
from tests.chatbot.bots import make_intent, make_script

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


def test_match_of_the_whole_utterance_is_exact() -> None:
    """An utterance that is a keyword scores 1."""
    match = make_script(make_intent(7, "Not Good!")).matcher.match("not good")
    assert match is not None
    assert (match.intent_id, match.intent) == (7, "intent 7")
    assert (match.keyword, match.kind, match.score) == ("Not Good!", MatchKind.EXACT, 1.0)


def test_match_of_a_phrase_scores_its_share_of_the_letters() -> None:
    """A keyword inside an utterance scores by how much of it it covers."""
    match = make_script(make_intent(1, "tea")).matcher.match("Some tea, now!")
    assert match is not None
    assert (match.kind, match.score) == (MatchKind.PHRASE, 3 / 10)


def test_match_wants_whole_words() -> None:
    """A keyword inside a word does not count."""
    assert make_script(make_intent(1, "tea")).matcher.match("a steady team") is None


def test_match_in_text_without_spaces() -> None:
    """A keyword is found inside a sentence of a script that is written without spaces."""
    match = make_script(make_intent(1, "天气")).matcher.match("今天天气怎么样")
    assert match is not None
    assert match.keyword == "天气"


@pytest.mark.parametrize(
    ("utterance", "keyword"),
    [
        ("that is not good", "not good"),
        ("good and splendid", "splendid"),
        ("bad tea", "bad"),
        ("tea bad", "tea"),
    ],
    ids=["most words", "then most letters", "then the earlier", "whichever it is"],
)
def test_match_prefers(utterance: str, keyword: str) -> None:
    """Of several keywords the one that says most wins."""
    script = make_script(
        make_intent(1, "good", "bad"), make_intent(2, "not good", "splendid", "tea")
    )
    match = script.matcher.match(utterance)
    assert match is not None
    assert match.keyword == keyword


def test_match_of_a_shared_keyword_goes_to_the_earlier_intent() -> None:
    """Where two intents have the same keyword, their order decides."""
    match = make_script(make_intent(2, "tea"), make_intent(1, "Tea")).matcher.match("tea")
    assert match is not None
    assert match.intent_id == 2


def test_match_ignores_a_keyword_without_words() -> None:
    """A keyword of punctuation matches nothing, not everything."""
    assert make_script(make_intent(1, "?!")).matcher.match("?!") is None


@given(ANY_TEXT, st.lists(ANY_TEXT, max_size=4))
def test_match_never_raises_and_is_deterministic(text: str, keywords: list[str]) -> None:
    """Whatever is said and written, the same match comes out, with a score in 0..1."""
    script = make_script(make_intent(1, *keywords))
    match = script.matcher.match(text)
    assert match == script.matcher.match(text)
    assert match is None or 0 < match.score <= 1


@given(ANY_TEXT.filter(normalise), ANY_TEXT, ANY_TEXT)
def test_match_finds_a_keyword_wherever_it_stands(keyword: str, before: str, after: str) -> None:
    """A keyword between any two texts is heard."""
    script = make_script(make_intent(1, keyword))
    assert script.matcher.match(f"{before} . {keyword} . {after}") is not None


@pytest.mark.parametrize("text", ["a " * 5000, "a" * 10_000, "\u0301\u0316" * 5000, "天" * 10_000])
def test_match_takes_ten_thousand_characters(text: str) -> None:
    """A long utterance is read to its end, past a keyword that almost matches everywhere."""
    script = make_script(make_intent(1, "a " * 99 + "b"), make_intent(2, "end"))
    match = script.matcher.match(f"{text} end")
    assert match is not None
    assert match.intent_id == 2
