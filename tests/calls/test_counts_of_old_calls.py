"""What the migration counts for calls that were on record before."""

from importlib import import_module

import pytest
from django.apps import apps

from calls.models import Call, Turn
from tests.calls.recorded import record_call
from tests.chatbot.bots import create_bot

migration = import_module("calls.migrations.0009_count_misses")

pytestmark = pytest.mark.django_db


def test_calls_are_counted_as_new_ones_are() -> None:
    """Misses, and the slowest answer."""
    bot = create_bot()
    call, silent = record_call(bot, "purple", "green"), record_call(bot)
    call.turns.filter(role=Turn.Role.BOT, number=3).update(answer_ms=70)
    Call.objects.update(miss_count=9, slowest_ms=9)
    migration.count_misses(apps, None)
    call.refresh_from_db()
    silent.refresh_from_db()
    assert (call.miss_count, call.slowest_ms) == (2, 70)
    assert (silent.miss_count, silent.slowest_ms) == (0, None)
