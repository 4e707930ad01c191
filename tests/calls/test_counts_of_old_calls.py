"""What the migrations do to calls on record, while others go on."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test.utils import CaptureQueriesContext

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


def test_calls_are_counted_some_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each time in a transaction of its own, so that no row is locked for long."""
    monkeypatch.setattr(migration, "AT_A_TIME", 2)
    bot = create_bot()
    calls = [record_call(bot, "purple") for _ in range(5)]
    Call.objects.update(miss_count=0)
    with CaptureQueriesContext(connection) as queries:
        migration.count_misses(apps, None)
    updates = [query for query in queries if query["sql"].startswith("UPDATE")]
    assert len(updates) == 3
    assert list(Call.objects.values_list("miss_count", flat=True)) == [1] * len(calls)
    assert not migration.Migration.atomic


def test_running_call_is_left_alone() -> None:
    """Nobody who speaks waits for the migration."""
    call = record_call(create_bot(), "purple")
    Call.objects.update(miss_count=9, ended_at=None)
    migration.count_misses(apps, None)
    call.refresh_from_db()
    assert call.miss_count == 9


def test_call_is_recorded_by_a_process_of_before() -> None:
    """One that does not know of the counts yet."""
    call = record_call(create_bot())
    left_out = {"id", "sid", "miss_count", "slowest_ms"}
    columns = [it.column for it in Call._meta.local_fields if it.column not in left_out]
    listed = ", ".join(columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO calls_call (sid, {listed}) "  # noqa: S608
            f"SELECT 'CAold', {listed} FROM calls_call WHERE id = %s",
            [call.pk],
        )
    assert Call.objects.get(sid="CAold").miss_count == 0


@pytest.mark.django_db(transaction=True)
def test_index_is_made_beside_writers() -> None:
    """On PostgreSQL, also after one that was broken off; elsewhere as any other."""
    operation = migration.Migration.operations[-1]
    loader = MigrationExecutor(connection).loader
    without = loader.project_state(("calls", "0008_call_counts"))
    having = loader.project_state(("calls", "0009_count_misses"))
    with connection.schema_editor(atomic=False) as editor:
        if connection.vendor != "postgresql":
            operation.database_backwards("calls", editor, having, without)
        with CaptureQueriesContext(connection) as queries:
            operation.database_forwards("calls", editor, without, having)
    with connection.cursor() as cursor:
        assert operation.index.name in connection.introspection.get_constraints(
            cursor, "calls_call"
        )
    made = [query["sql"] for query in queries if "INDEX" in query["sql"]]
    if connection.vendor == "postgresql":
        assert len(made) == 2
        assert all("INDEX CONCURRENTLY" in sql for sql in made)
