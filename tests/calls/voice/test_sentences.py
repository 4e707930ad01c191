"""A long text in pieces."""

from hypothesis import given
from hypothesis import strategies as st

from calls.voice.sentences import pieces


def test_short_text_is_one_piece() -> None:
    """Its melody is better for it."""
    assert list(pieces(" One. Two. ", 20, 40)) == ["One. Two."]


def test_sentences_are_gathered_until_they_are_enough() -> None:
    """The first piece is short, so it is heard soon."""
    assert list(pieces("One two. Three four. Five six. Seven", 15, 40)) == [
        "One two. Three four.",
        "Five six. Seven",
    ]


def test_long_sentence_is_cut_behind_a_clause() -> None:
    """The voice pauses where the sentence does."""
    assert list(pieces("alpha beta, gamma delta epsilon", 5, 20)) == [
        "alpha beta,",
        "gamma delta epsilon",
    ]


def test_long_clause_is_cut_behind_a_word() -> None:
    """Rather than in the middle of one."""
    assert list(pieces("alpha beta gamma", 5, 12)) == ["alpha beta", "gamma"]


def test_long_word_is_cut_anywhere() -> None:
    """No piece is longer than an engine takes."""
    assert list(pieces("x" * 25, 5, 10)) == ["x" * 10, "x" * 10, "x" * 5]


@given(st.text(), st.integers(0, 20), st.integers(0, 30))
def test_nothing_but_spaces_is_lost(text: str, least: int, more: int) -> None:
    """And no piece is empty, or too long."""
    parts = list(pieces(text, least, least + more + 1))
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert all(0 < len(part) <= least + more + 1 for part in parts)
