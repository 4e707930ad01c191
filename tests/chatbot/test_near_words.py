"""Which words a spoken word may stand for."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from chatbot.near_words import INFLECTION, MAX_EDITS, NearWords, may_be_joined, may_be_near

LIKE_WORDS = st.lists(st.text("abc", min_size=1, max_size=12), max_size=12)


def like(said: str, word: str, *, language: str = "en-US", least: float = 0.5) -> float:
    """Return how like a spoken word is to the one word of a vocabulary; 0 where it is not."""
    return dict(NearWords([word], language, least=least).find(said)).get(word, 0.0)


def brute_force(said: str, vocabulary: list[str], least: float) -> dict[str, float]:
    """Return what the docstring of NearWords says, by comparing with every word."""
    found: dict[str, float] = {}
    if said in vocabulary:
        return found
    for word in vocabulary:
        edits = OSA.distance(said, word)
        longest = max(len(said), len(word))
        if (
            may_be_near(said)
            and may_be_near(word)
            and word[0] == said[0]
            and edits <= MAX_EDITS
            and (longest - edits) / longest >= least
        ):
            found[word] = (longest - edits) / longest
    return found


@pytest.mark.parametrize(
    ("language", "said", "word"),
    [
        ("en-US", "orders", "order"),
        ("en-US", "ordered", "order"),
        ("en-US", "order", "orders"),
        ("en-GB", "deliveries", "delivery"),
        ("en-GB", "opening", "opened"),
        ("nl-NL", "afspraken", "afspraak"),
        ("nl-NL", "bestellingen", "bestelling"),
        ("nl-NL", "openingstijd", "openingstijden"),
        ("nl-NL", "gereserveerd", "reserveren"),
        ("nl-BE", "goede", "goed"),
        ("de-DE", "rechnungen", "rechnung"),
    ],
)
def test_find_knows_inflections(language: str, said: str, word: str) -> None:
    """Forms of one word are alike, in the language of the bot."""
    assert like(said, word, language=language) == INFLECTION


@pytest.mark.parametrize("language", ["xx", "", "ja-JP", "EN"])
def test_find_takes_any_language(language: str) -> None:
    """A language without a stemmer has no inflections, but mishearings; case does not matter."""
    assert like("opening", "opened", language=language) == (INFLECTION if language == "EN" else 0)
    assert like("appointmant", "appointment", language=language) == pytest.approx(10 / 11)


@pytest.mark.parametrize(
    ("said", "word", "similarity"),
    [
        ("channel", "cancel", 5 / 7),
        ("form", "from", 3 / 4),
        ("contract", "contact", 7 / 8),
        ("subscripton", "subscription", 11 / 12),
        ("gold", "good", 3 / 4),
    ],
)
def test_find_measures_mishearings(said: str, word: str, similarity: float) -> None:
    """The similarity is the share of letters that are the same."""
    assert like(said, word) == pytest.approx(similarity)


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ("form", "from"),
        ("cancel", "channel"),
        ("there", "here"),
        ("price", "prince"),
        ("month", "moth"),
        ("monday", "sunday"),
        ("tuesday", "thursday"),
        ("zeventien", "zeventig"),
        ("useful", "useless"),
    ],
)
def test_find_keeps_words_apart_at_the_usual_threshold(said: str, word: str) -> None:
    """Words that mean something else are not alike by 85 percent."""
    assert like(said, word, least=0.85) == 0


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ("bye", "buy"),
        ("days", "day"),
        ("good", "goodbye"),
        ("fifteen", "fifty"),
        ("thirteen", "thirty"),
        ("unavailable", "available"),
        ("never", "ever"),
        ("dont", "done"),
        ("couldnt", "could"),
        ("wont", "want"),
        ("niets", "niet"),
        ("12345", "12346"),
        ("a1234", "a1235"),
    ],
)
@pytest.mark.parametrize("way_round", [1, -1])
def test_find_never_takes_for_each_other(said: str, word: str, way_round: int) -> None:
    """Short words, numbers, negations and opposites are kept apart at every threshold."""
    said, word = (said, word)[::way_round]
    assert like(said, word) == 0
    assert like(said, word, language="nl-NL") == 0


def test_find_gives_the_most_alike_first() -> None:
    """Words that are as alike as each other come in the order of the alphabet."""
    near = NearWords(["helper", "help", "helped", "hello"], "en", least=0.5).find("helps")
    assert near == (("help", 0.95), ("helped", 0.95), ("helper", 4 / 6), ("hello", 3 / 5))


def test_find_takes_no_word_of_the_vocabulary_for_another() -> None:
    """A word that the bot knows was not misheard, but may be a form of another."""
    near_words = NearWords(["contract", "contact", "contracts"], "en", least=0.5)
    assert near_words.find("contract") == (("contracts", INFLECTION),)


def test_find_leaves_out_the_word_itself() -> None:
    """A word is not near itself."""
    assert NearWords(["order"], "en", least=0.5).find("order") == ()


@given(LIKE_WORDS, st.text("abc", max_size=12), st.sampled_from([0.5, 0.7, 0.8, 0.85, 0.99]))
def test_find_gives_what_comparing_with_every_word_gives(
    vocabulary: list[str], said: str, least: float
) -> None:
    """The index loses no word and adds none."""
    near = NearWords(vocabulary, "", least=least)
    assert dict(near.find(said)) == brute_force(said, vocabulary, least)


@given(st.lists(st.text(max_size=12), max_size=5), st.text())
def test_find_takes_any_text(vocabulary: list[str], said: str) -> None:
    """Whatever the words, similarities are at least as demanded, and no more than 1."""
    words = [word for word in vocabulary if word and " " not in word]
    near = NearWords(words, "en", least=0.6).find(said)
    assert all(0.6 <= similarity <= 1 for _, similarity in near)


@given(st.text(string.ascii_lowercase, min_size=4, max_size=20))
def test_inflections_have_a_word_of_the_vocabulary_itself(word: str) -> None:
    """A word is a form of itself."""
    known = (word,) if may_be_near(word) else ()
    assert NearWords([word], "nl", least=0.8).inflections(word) == known


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("good", "bye", True),
        ("can", "not", True),
        ("not", "able", False),
        ("no", "table", False),
        ("a", "b", False),
        ("44", "77", False),
    ],
)
def test_may_be_joined(left: str, right: str, expected: bool) -> None:
    """Words may be one word, but no negation is lost in it, nor is a number made of two."""
    assert may_be_joined(left, right) is expected
