"""Where the words of a search stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.search import Hit, hits_of, terms_of
from calls.search.hits import SHOWN, marked
from chatbot.models import Bot
from tests.calls.recorded import NUMBER, record_call
from tests.chatbot.bots import create_bot


def found(text: str, query: str) -> list[str]:
    return [piece for piece, is_hit in marked(text, terms_of(query)) if is_hit]


def test_words_are_marked() -> None:
    """Each of them, wherever it stands."""
    assert found("hours, and hours again", "hours") == ["hours", "hours"]


def test_whole_word_is_marked_of_which_the_beginning_was_typed() -> None:
    """So it is read more easily."""
    assert found("an appointment today", "appoin") == ["appointment"]


def test_words_that_overlap_are_marked_once() -> None:
    """A phrase and a word of it."""
    assert found("opening hours", '"opening hours" hours') == ["opening hours"]


def test_text_without_the_words_has_no_pieces() -> None:
    """It is no hit."""
    assert marked("good morning", terms_of("evening")) == ()


def test_long_text_is_cut_around_the_first_word() -> None:
    """What was left out is told."""
    pieces = marked("a " * 200 + "needle" + " b" * 200, terms_of("needle"))
    assert pieces[0] == ("…", False)
    assert pieces[-1] == ("…", False)
    assert sum(len(piece) for piece, _ in pieces) < 250


@given(st.text(alphabet="ab .é-", max_size=400), st.text(alphabet="ab é", min_size=1, max_size=6))
def test_pieces_are_the_text(text: str, query: str) -> None:
    """Nothing is lost, doubled or put elsewhere."""
    pieces = marked(text, terms_of(query))
    shown = "".join(piece for piece, _ in pieces).removeprefix("…").removesuffix("…")
    assert shown in text


@pytest.fixture
def bot(db: None) -> Bot:
    return create_bot()


def test_hits_name_their_turns(bot: Bot) -> None:
    """So that a link leads there."""
    call = record_call(bot, "a purple elephant")
    hits = hits_of([call], terms_of("purple"), may_see_numbers=True)
    assert hits[call.pk] == [
        Hit(2, "caller", (("a ", False), ("purple", True), (" elephant", False)))
    ]


def test_only_the_first_hits_of_a_call_are_shown(bot: Bot) -> None:
    """A row of the list stays a row."""
    call = record_call(bot, *["purple"] * 10)
    assert len(hits_of([call], terms_of("purple"), may_see_numbers=True)[call.pk]) == SHOWN


def test_hidden_number_is_no_hit(bot: Bot) -> None:
    """It is not shown."""
    call = record_call(bot, f"call {NUMBER} back")
    assert not hits_of([call], terms_of(NUMBER), may_see_numbers=False).get(call.pk)


def test_hit_beside_a_hidden_number_does_not_tell_it(bot: Bot) -> None:
    """The rest of the sentence is shown."""
    call = record_call(bot, f"call {NUMBER} back")
    [hit] = hits_of([call], terms_of("back"), may_see_numbers=False)[call.pk]
    assert hit.pieces == (("call [number] ", False), ("back", True))
