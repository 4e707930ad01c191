"""A call in the order in which it happened. Pure: nothing of it is on record."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from calls.admin.entries import Entry
from calls.admin.timeline import timeline
from calls.models import CallEvent, Turn

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def turn(number: int, second: float) -> Entry:
    return Entry(Turn(number=number, role="bot", at=BEGIN + timedelta(seconds=second)), "text")


def event(pk: int, second: float) -> CallEvent:
    return CallEvent(pk=pk, at=BEGIN + timedelta(seconds=second))


def test_events_stand_between_the_turns() -> None:
    """By the time; a turn of the same moment comes first."""
    moments = timeline([turn(1, 0), turn(2, 2)], [event(7, 1), event(8, 2)])
    assert [moment.id for moment in moments] == ["turn-1", "event-7", "turn-2", "event-8"]


@given(st.lists(st.floats(0, 10), max_size=6), st.lists(st.floats(0, 10), max_size=6))
def test_moments_stand_in_the_order_of_their_text(turns: list[float], events: list[float]) -> None:
    """Also where the clocks of two servers differ; turns stay in their order."""
    entries = [turn(number, second) for number, second in enumerate(turns, start=1)]
    seams = [event(pk, second) for pk, second in enumerate(sorted(events), start=1)]
    moments = timeline(entries, seams)
    keys = [moment.key for moment in moments]
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)
    numbers = [moment.entry.turn.number for moment in moments if moment.entry is not None]
    assert numbers == sorted(numbers)
