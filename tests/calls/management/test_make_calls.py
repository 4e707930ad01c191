"""`manage.py make_calls`."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count

from calls.management.commands.make_calls import Command
from calls.models import Call, CallEvent, Stream, Turn
from calls.sample_calls.rows import SID_PREFIX
from chatbot.models import Bot
from tests.calls.recorded import record_call
from tests.chatbot.bots import create_bot

pytestmark = pytest.mark.django_db


def make(calls: int, **options: object) -> str:
    out = StringIO()
    call_command(Command(stdout=out), calls=calls, **options)
    return out.getvalue()


def test_calls_are_written_with_all_that_belongs_to_them() -> None:
    """As real ones are on record."""
    assert "Wrote 200 calls" in make(200, turns=6)
    assert Call.objects.filter(sid__startswith=SID_PREFIX).count() == 200
    assert Stream.objects.count() == 200
    assert CallEvent.objects.exists()
    for call in Call.objects.annotate(said=Count("turns")):
        assert call.turn_count == call.said > 0


def test_counts_beside_the_calls_are_those_of_their_turns() -> None:
    """The filters go by them."""
    make(50)
    for call in Call.objects.all():
        assert call.miss_count == call.turns.filter(role="caller", rule="no-match").count()
        times = [ms for ms in call.turns.values_list("answer_ms", flat=True) if ms is not None]
        assert call.slowest_ms == max(times, default=None)


def test_turns_name_intents_that_are_there() -> None:
    """Their links lead somewhere."""
    make(20)
    turns = Turn.objects.filter(rule="intent", role="caller").select_related("intent")
    assert turns
    assert all(turn.intent is not None for turn in turns)


def test_more_can_be_made_later() -> None:
    """Of the same bots, under other SIDs."""
    make(10)
    bots = Bot.objects.count()
    make(10)
    assert Call.objects.count() == 20
    assert Bot.objects.count() == bots


def test_database_with_real_calls_is_left_alone() -> None:
    """They would be among what nobody said."""
    record_call(create_bot(), "hello")
    with pytest.raises(CommandError, match="real calls"):
        make(10)
    assert Call.objects.count() == 1


def test_real_calls_can_be_joined_on_request() -> None:
    """Whoever says so means it."""
    record_call(create_bot(), "hello")
    make(10, among_real_calls=True)
    assert Call.objects.count() == 11


def test_no_calls_cannot_be_made() -> None:
    """Nor fewer."""
    with pytest.raises(CommandError, match="from 1"):
        make(0)
