"""Tests of rows of digits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.speech.offline.digit_rows import DIGITS, IN_ROWS, LONGEST, REPEATS, is_row, transitions

GROUPS = st.lists(
    st.tuples(st.sampled_from(["", *REPEATS]), st.sampled_from(IN_ROWS)),
    min_size=1,
    max_size=LONGEST,
)


@pytest.mark.parametrize("said", ["four", "oh six", "double four seven", "triple oh"])
def test_digits_are_a_row(said: str) -> None:
    """One after the other, each perhaps repeated."""
    assert is_row(tuple(said.split()))


@pytest.mark.parametrize("said", ["", "four double", "double triple four", "four please"])
def test_what_is_no_row(said: str) -> None:
    """Half a row, or other words in it."""
    assert not is_row(tuple(said.split()))


@given(GROUPS)
def test_every_row_has_a_way_through_the_grammar(groups: list[tuple[str, str]]) -> None:
    """Up to the longest, with repeats anywhere."""
    row = [word for group in groups for word in group if word]
    states = {0}
    for word in row:
        states = {end for start, end, _, said in STEPS if start in states and said == word}
    assert 1 in states


def test_way_that_ends_with_a_repeat_is_no_end() -> None:
    """Of what is doubled, the digit is to come."""
    ends = {word for _, end, _, word in STEPS if end == 1}
    assert ends.isdisjoint(REPEATS)


def test_grammar_has_no_row_beyond_the_longest() -> None:
    """The loop has an end, so that its size is known."""
    states = {0}
    for _ in range(LONGEST):
        states = {end for start, end, _, word in STEPS if start in states and word == DIGITS[4]}
    assert states == {1}


STEPS = transitions(2)
