"""Tests of grammars."""

from hypothesis import given
from hypothesis import strategies as st

from calls.speech.offline.grammar import (
    PhraseSet,
    compile_grammar,
    transitions,
    transitions_with_rows,
)


def test_a_path_leads_to_its_hint() -> None:
    """The words of a phrase lead to the hint as the editor spelled it."""
    grammar = compile_grammar(PhraseSet(("Not good!", "24"), ()))
    assert grammar.phrases == {("not", "good"): "Not good!", ("twenty", "four"): "24"}
    assert set(grammar.sounds) == {"not", "good", "twenty", "four"}


def test_a_phrase_with_an_unknown_word_is_left_out() -> None:
    """The unknown word is named, and the other phrases stay."""
    grammar = compile_grammar(PhraseSet(("ask foobarix", "hello"), ()))
    assert grammar.phrases == {("hello",): "hello"}
    assert grammar.unknown == ("foobarix",)


def test_a_pronunciation_by_hand_keeps_the_phrase() -> None:
    """With a pronunciation the phrase can be heard."""
    grammar = compile_grammar(PhraseSet(("foobarix",), (("foobarix", "F UW B AA"),)))
    assert grammar.sounds == {"foobarix": ("F UW B AA",)}
    assert grammar.unknown == ()


def test_of_equal_phrases_the_first_counts() -> None:
    """Hints come most likely first; a later spelling of the same words adds nothing."""
    assert compile_grammar(PhraseSet(("Hello", "hello!"), ())).phrases == {("hello",): "Hello"}


def test_hints_without_words_give_an_empty_grammar() -> None:
    """Punctuation cannot be said."""
    assert compile_grammar(PhraseSet(("?", ""), ())).phrases == {}


PATHS = st.lists(
    st.lists(st.sampled_from("abc"), min_size=1, max_size=4).map(tuple), unique=True, max_size=8
)


@given(PATHS)
def test_the_transitions_accept_exactly_the_paths(paths: list[tuple[str, ...]]) -> None:
    """Every way from state 0 to state 1 spells one of the paths, and each path has its way."""
    steps = transitions(paths)

    def ways(state: int) -> list[tuple[str, ...]]:
        if state == 1:
            return [()]
        return [(word, *rest) for a, b, _, word in steps if a == state for rest in ways(b)]

    assert sorted(ways(0)) == sorted(paths)


def test_rows_of_digits_are_heard_where_they_are_expected() -> None:
    """Beside the phrases; they stand for themselves."""
    grammar = compile_grammar(PhraseSet(("not good",), (), has_digits=True))
    assert grammar.text(("double", "four", "seven")) == "double four seven"
    assert grammar.text(("not", "good")) == "not good"
    assert grammar.text(("four", "good")) is None
    assert {"not", "oh", "triple"} <= grammar.sounds.keys()


def test_rows_of_digits_are_not_heard_elsewhere() -> None:
    """A phrase set has only what was hinted at."""
    grammar = compile_grammar(PhraseSet(("four", "seven"), ()))
    assert grammar.text(("four",)) == "four"
    assert grammar.text(("four", "seven")) is None


def test_way_to_a_single_digit_is_there_once() -> None:
    """Two ways to the same word would each be half as likely."""
    paths = list(compile_grammar(PhraseSet(("four", "hello"), (), has_digits=True)).phrases)
    ways = [(end, word) for start, end, _, word in transitions_with_rows(paths) if start == 0]
    assert ways.count((1, "four")) == 1
    assert ways.count((1, "hello")) == 1
