"""Which keywords an utterance came closest to without matching any."""

import pytest

from chatbot.closest_keywords import closest_keywords
from chatbot.keyword_tree import KeywordTree
from chatbot.near_words import NearWords
from chatbot.normalise import normalise
from chatbot.script import ScriptIntent
from tests.chatbot.bots import make_intent


def closest(text: str, *intents: ScriptIntent, after: int | None = None) -> list[tuple[str, float]]:
    """Return keywords and their similarities, rounded."""
    tree = KeywordTree(intents)
    near_words = NearWords(tree.vocabulary, "en-US", least=0.8)
    found = closest_keywords(normalise(text), tree, near_words.find, after=after)
    return [(keyword.text, round(similarity, 3)) for keyword, similarity in found]


@pytest.mark.parametrize(
    ("text", "keyword", "similarity"),
    [
        ("the opening please", "opening hours", 7 / 12),
        ("oppening", "opening hours", 7 / 12 * 7 / 8),
        ("my order was late", "my order is late", 11 / 13),
        ("bye then bye bye", "bye bye now", 6 / 9),
        ("order", "order {number:digits}", 1),
    ],
)
def test_closest_measures_how_much_was_heard(text: str, keyword: str, similarity: float) -> None:
    """The words of a keyword count by their letters, where they stand in line."""
    assert closest(text, make_intent(1, keyword)) == [(keyword, round(similarity, 3))]


@pytest.mark.parametrize(
    ("text", "keyword"),
    [
        ("hours", "opening hours"),
        ("hours opening", "opening hours now"),
        ("tea", "coffee"),
        ("", "tea"),
        ("tomorrow", "{when:date}"),
    ],
)
def test_closest_leaves_out_what_was_hardly_heard(text: str, keyword: str) -> None:
    """Less than half of a keyword, or its words in another order, is no near thing."""
    assert closest(text, make_intent(1, keyword)) == []


def test_closest_come_in_order() -> None:
    """The closest keyword comes first; of two that are as close the earlier one."""
    intents = make_intent(1, "black tea, milk", "green mint"), make_intent(2, "green rice")
    assert closest("green and black tea", *intents) == [
        ("black tea, milk", round(8 / 12, 3)),
        ("green mint", round(5 / 9, 3)),
        ("green rice", round(5 / 9, 3)),
    ]


def test_closest_considers_follow_ups_in_their_place() -> None:
    """A follow-up is close only where it could have been meant."""
    follow_up = make_intent(2, "very good thanks", follows=(1,))
    assert closest("good thanks", follow_up, after=1) == [("very good thanks", round(10 / 14, 3))]
    assert closest("good thanks", follow_up) == []


def test_closest_looks_rare_words_up_first() -> None:
    """A word that stands in thousands of keywords does not hide one that tells more."""
    common = make_intent(1, *(f"appointment with {number}" for number in range(2000)))
    rare = make_intent(2, "appointment for vaccination today")
    assert closest("appointment vaccination today", common, rare) == [
        ("appointment for vaccination today", round(16 / 30, 3))
    ]
