"""Reads calls for an export: never more than a chunk of them is in memory."""

from collections.abc import Iterator

from django.db.models import Prefetch, Q, QuerySet

from calls.export.record import Record, record_of
from calls.models import Call, Turn

FIRST = 20
"""So many calls are read at first, so that whoever waits sees the file begin."""

CHUNK = 100
"""So many after them, with all their turns."""

_TURNS = Turn.objects.order_by("number").defer("manner", "runners_up", "otherwise", "early_text")


def calls_read(calls: QuerySet[Call], *, may_see_numbers: bool) -> Iterator[list[Record]]:
    """Yield the calls as records, the newest first, chunk by chunk.

    Four queries for each, whatever is in it. Each goes on where the one before stood, and not
    at a count of rows: calls that come in meanwhile shift nothing, and are not in it.
    """
    rest, size = _with_turns(calls), FIRST
    while chunk := list(rest[:size]):
        yield [_record(call, may_see_numbers) for call in chunk]
        rest, size = _after(_with_turns(calls), chunk[-1]), CHUNK


def call_read(call: Call, *, may_see_numbers: bool) -> Record:
    """Return one call as a record. Four queries."""
    [found] = _with_turns(Call.objects.filter(pk=call.pk))
    return _record(found, may_see_numbers)


def _with_turns(calls: QuerySet[Call]) -> QuerySet[Call]:
    read = calls.order_by("-started_at", "-pk").select_related("bot").defer("dialogue")
    return read.prefetch_related(Prefetch("turns", _TURNS), "events", "staff_acts")


def _after(calls: QuerySet[Call], last: Call) -> QuerySet[Call]:
    """Return those that come after one, in a form that the index of the order answers."""
    at_the_same_time = Q(started_at=last.started_at, pk__gte=last.pk)
    return calls.filter(~at_the_same_time, started_at__lte=last.started_at)


def _record(call: Call, may_see_numbers: bool) -> Record:
    return record_of(
        call,
        call.turns.all(),
        call.events.all(),
        call.staff_acts.all(),
        may_see_numbers=may_see_numbers,
    )
