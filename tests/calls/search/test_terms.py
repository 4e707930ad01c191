"""What somebody looks for, taken apart."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.search.terms import MAX_TERMS, Term, terms_of


def texts(query: str) -> list[str]:
    return [term.text for term in terms_of(query)]


def test_each_word_is_a_term() -> None:
    """All of them must be found."""
    assert texts("refund  invoice") == ["refund", "invoice"]


def test_phrase_in_quotes_is_one_term() -> None:
    """In this order."""
    assert texts('the "opening hours" please') == ["the", "opening hours", "please"]


def test_quote_that_is_not_closed_goes_to_the_end() -> None:
    """Whoever types is not at the end yet."""
    assert texts('"opening ho') == ["opening ho"]


@pytest.mark.parametrize(
    ("query", "is_prefix"), [("appoin", True), ("my appoin", True), ('my "appoin"', False)]
)
def test_last_word_is_the_beginning_of_one(query: str, is_prefix: bool) -> None:
    """Not where it is in quotes."""
    assert terms_of(query)[-1].is_prefix is is_prefix


def test_word_that_is_said_again_is_one_term() -> None:
    """The first time counts: there it was a whole word."""
    assert texts("bread rolls Bread") == ["bread", "rolls"]
    assert [term.is_prefix for term in terms_of("bread rolls Bread")] == [False, False]


def test_words_before_the_last_are_whole() -> None:
    """They were typed to their end."""
    assert not terms_of("my appoin")[0].is_prefix


@pytest.mark.parametrize("query", ["", "  ", "?!", '""', '"', "… -"])
def test_query_without_letters_asks_for_nothing(query: str) -> None:
    """Signs are in no index."""
    assert terms_of(query) == []


def test_groups_of_a_number_are_one_term() -> None:
    """However it is written."""
    assert [term.number for term in terms_of("+31 6 1234 5678")] == ["31612345678"]


def test_zero_in_front_of_a_number_is_left_out() -> None:
    """The record has the country code in its place."""
    assert terms_of("06-12345678")[0].number == "612345678"


def test_short_figures_are_no_number() -> None:
    """They are in every second number."""
    assert [term.number for term in terms_of("at 12")] == ["", ""]


@pytest.mark.parametrize("sid", ["CA0", "CAsample01", "4f9a21"])
def test_call_sid_is_known_by_its_look(sid: str) -> None:
    """Whole, or a part of it."""
    assert terms_of(sid)[0].sid == sid


@pytest.mark.parametrize("word", ["cafe", "Canada", "bad"])
def test_word_is_no_call_sid(word: str) -> None:
    """Although its letters could be of one."""
    assert terms_of(word)[0].sid == ""


@pytest.mark.parametrize(
    ("term", "text"),
    [
        (Term("please"), "Yes, PLEASE!"),
        (Term("yes"), "yes/no"),
        (Term("opening hours"), "your opening, hours"),
        (Term("appoin", is_prefix=True), "An appointment"),
        (Term("don't"), "I don’t know"),
        (Term("été"), "l'ÉTÉ dernier"),
        (Term("12.50"), "it costs 12.50"),
    ],
)
def test_pattern_finds(term: Term, text: str) -> None:
    """Whole words, blind to case and to the signs between."""
    assert re.search(term.pattern, text)


@pytest.mark.parametrize(
    ("term", "text"),
    [(Term("no"), "I know"), (Term("hours opening"), "opening hours"), (Term("a.c"), "abc")],
)
def test_pattern_does_not_find(term: Term, text: str) -> None:
    """No parts of words, no other order, and no sign has a meaning of its own."""
    assert not re.search(term.pattern, text)


@given(st.text(max_size=300))
def test_whatever_is_typed_is_taken_apart(query: str) -> None:
    """Each term has a word in it, and a pattern that is one."""
    terms = terms_of(query)
    assert len(terms) <= MAX_TERMS
    for term in terms:
        assert term.words
        re.compile(term.pattern)
