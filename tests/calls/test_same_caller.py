"""The other calls of a caller."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from calls import same_caller as module
from calls.same_caller import same_caller
from chatbot.models import Bot
from tests.calls.recorded import record_call
from tests.chatbot.bots import create_bot

pytestmark = pytest.mark.django_db


@pytest.fixture
def bot(db: None) -> Bot:
    return create_bot()


def test_calls_before_and_after_are_found(bot: Bot) -> None:
    """Those next to it, of this number only."""
    calls = [record_call(bot, ago=timedelta(hours=hours)) for hours in (4, 3, 2, 1)]
    record_call(bot, ago=timedelta(hours=2), number="+4930123456")
    found = same_caller(calls[1])
    assert found is not None
    assert (found.count, found.previous, found.next) == (4, calls[0], calls[2])


def test_first_and_last_call_have_one_neighbour(bot: Bot) -> None:
    """There is nothing beyond."""
    calls = [record_call(bot, ago=timedelta(hours=hours)) for hours in (2, 1)]
    first, last = same_caller(calls[0]), same_caller(calls[1])
    assert first is not None
    assert last is not None
    assert (first.previous, last.next) == (None, None)


@pytest.mark.parametrize("number", ["", "anonymous", "client:alice", "1234567"])
def test_what_is_no_number_is_nobody(bot: Bot, number: str) -> None:
    """It is that of many."""
    record_call(bot, number=number)
    assert same_caller(record_call(bot, number=number)) is None


def test_calls_are_counted_up_to_a_bound(
    bot: Bot, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """In three queries."""
    monkeypatch.setattr(module, "MOST_COUNTED", 2)
    calls = [record_call(bot) for _ in range(3)]
    with django_assert_num_queries(3):
        found = same_caller(calls[0])
    assert found is not None
    assert (found.count, found.is_cut) == (2, True)
