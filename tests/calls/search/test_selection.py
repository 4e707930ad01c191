"""The calls that a search finds, on whatever database the tests run."""

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from calls.models import Call, Turn
from calls.search import calls_found, selection, terms_of
from chatbot.models import Bot
from tests.calls.recorded import NUMBER, record_call
from tests.chatbot.bots import create_bot

pytestmark = pytest.mark.django_db


@pytest.fixture
def bot(db: None) -> Bot:
    return create_bot()


def found(query: str, *, may_see_numbers: bool = True) -> set[int]:
    calls = calls_found(Call.objects.all(), terms_of(query), may_see_numbers=may_see_numbers)
    return set(calls.values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("said", "query"),
    [
        ("where is my parcel", "parcel"),
        ("where is my parcel", "PARCEL"),
        ("where is my parcel", "parc"),
        ("where is my parcel", '"my parcel"'),
        ("yes/no", "no"),
        ("I don't know", "don't"),
        ("an e-mail please", "e-mail"),
        ("call +31201234567", "31201234567"),
        ("the price is 12.50", "12.50"),
        ("a café in Besançon", "café"),
        ("it's at 9:30", "30"),
        ("о чём вы говорите", "говор"),
        ("foo_bar", "bar"),
    ],
)
def test_words_are_found(bot: Bot, said: str, query: str) -> None:
    """In any language, whole, as a phrase, or by the beginning of the last one."""
    call = record_call(bot, said)
    record_call(bot, "something else")
    assert found(query) == {call.pk}


@pytest.mark.parametrize(
    ("said", "query"),
    [
        ("I know", '"no"'),
        ("my parcel is here", '"parcel my"'),
        ("parcels", '"parcel"'),
        ("parcels", "parcel is"),
        ("red green", "red blue"),
    ],
)
def test_other_words_are_not_found(bot: Bot, said: str, query: str) -> None:
    """No part of a word, no other order, not one of two."""
    record_call(bot, said)
    assert found(query) == set()


def test_words_may_be_in_two_turns(bot: Bot) -> None:
    """A call is looked through as a whole."""
    call = record_call(bot, "about my invoice", "I want a refund")
    record_call(bot, "about my invoice")
    assert found("refund invoice") == {call.pk}


def test_phrase_is_in_one_turn(bot: Bot) -> None:
    """Nobody says half of it, and is interrupted."""
    record_call(bot, "about my", "invoice")
    assert found('"my invoice"') == set()


def test_what_the_bot_said_is_found_without_its_markup(bot: Bot) -> None:
    """Tags are not spoken."""
    bot.greeting = 'Hello <break time="1s"/>there'
    bot.save()
    call = record_call(bot)
    assert found('"hello there"') == ({call.pk} if connection.vendor == "postgresql" else set())
    if connection.vendor == "postgresql":
        assert found("break") == set()


@pytest.mark.parametrize("query", [NUMBER, "0612345678", "+31 6 12 34 56 78", "12345"])
def test_number_of_a_caller_is_found(bot: Bot, query: str) -> None:
    """However it is written."""
    call = record_call(bot, "hello")
    record_call(bot, "hello", number="+4930999999")
    assert found(query) == {call.pk}


def test_sid_is_found(bot: Bot) -> None:
    """As the console of the telephone service shows it."""
    call = record_call(bot, "hello")
    record_call(bot, "hello")
    assert found(call.sid) == {call.pk}


def test_query_without_words_finds_nothing(bot: Bot) -> None:
    """Rather than everything."""
    record_call(bot, "hello?!")
    assert found("?!") == set()


@pytest.mark.parametrize(("few", "many"), [(0, 0), (0, 20_000), (1000, 20_000), (0, 2)])
def test_rare_and_frequent_words_are_found_alike(
    bot: Bot, monkeypatch: pytest.MonkeyPatch, few: int, many: int
) -> None:
    """However PostgreSQL is asked; elsewhere there is one way."""
    monkeypatch.setattr(selection, "MANY", many)
    monkeypatch.setattr(selection, "FEW", few)
    calls = {record_call(bot, "a purple elephant", f"number {place}").pk for place in range(2)}
    cow = record_call(bot, "a purple cow")
    assert found("elephant purple") == calls
    assert found('"purple"') == {*calls, cow.pk}


SPOKEN = "it is oh six one two three four five six seven eight"


@pytest.mark.parametrize("said", [SPOKEN, "it is 06 12345678", "it is oh six 12 34 56 seven eight"])
@pytest.mark.parametrize(
    "query",
    ['"six one two three"', '"is oh"', '"six"', "si", "eight", "06", "6", "12", '"is 06"', "5678"],
)
def test_digits_of_a_hidden_number_are_not_found(bot: Bot, said: str, query: str) -> None:
    """By what is found it could be guessed, digit by digit."""
    record_call(bot, said)
    assert found(query, may_see_numbers=False) == set()


@pytest.mark.parametrize("query", ['"six one two three"', "si", "eight", '"is oh"'])
def test_digits_of_a_number_are_found_for_who_sees_it(bot: Bot, query: str) -> None:
    """They stand in the transcript that he reads."""
    call = record_call(bot, SPOKEN)
    assert found(query) == {call.pk}


@pytest.mark.parametrize("query", ["5", "covid19", "4711", "six", '"gate six"', "12345678", "612"])
def test_digits_that_are_shown_are_found_whosoever_call_it_is(bot: Bot, query: str) -> None:
    """That a call is missing tells no more than that one is there: neither has to do with it."""
    said = ("5 covid19 tests", "order 4711, gate six", "code 12345678", "room 612")
    calls = {record_call(bot, *said, number=number).pk for number in (NUMBER, "+4930999999")}
    if query == "12345678":  # hidden in one of them, as its transcript shows
        calls = {max(calls)}
    assert found(query, may_see_numbers=False) == calls


def test_frequent_digits_are_not_looked_for_in_hidden_numbers(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor elsewhere in a transcript; a frequent word is, also one that may be a digit."""
    monkeypatch.setattr(selection, "CHECKED", 1)
    calls = {record_call(bot, "I want 12 to go").pk for _ in range(2)}
    record_call(bot, "it is 0 6 12 34 56 78")
    record_call(bot, "0 degrees and 0 wind", "0 rain")
    assert found("12", may_see_numbers=False) == set()
    assert found("0", may_see_numbers=False) == set()
    assert found("want to go", may_see_numbers=False) == calls


def test_digits_of_the_number_called_and_the_sid_are_found_for_everybody(bot: Bot) -> None:
    """They are on every page."""
    call = record_call(bot, "hello")
    record_call(bot, "hello")
    assert found(f"{call.sid} 207654321", may_see_numbers=False) == {call.pk}


def test_search_asks_once_before_it_looks(
    bot: Bot, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """However many words, calls and turns there are."""
    for _ in range(5):
        record_call(bot, *["one two three four"] * 5)
    with django_assert_num_queries(2 if connection.vendor == "postgresql" else 1):
        found("one two three four")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60))
def test_whatever_is_typed_can_be_looked_for(bot: Bot, query: str) -> None:
    """No sign breaks the query."""
    query = query.replace("\0", "")  # the form of the page refuses it
    found(query)
    found(f'"{query}"', may_see_numbers=False)


def test_very_long_text_can_be_recorded_and_found(bot: Bot) -> None:
    """PostgreSQL refuses to index more than a megabyte of words."""
    call = record_call(bot, "hello")
    Turn.objects.filter(call=call, number=2).update(
        text="needle " + " ".join(f"w{place}" for place in range(300_000))
    )
    assert found("needle") == {call.pk}
