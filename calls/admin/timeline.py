"""A call in the order in which it happened: what was said, and the seams and faults between."""

from collections.abc import Iterable
from dataclasses import dataclass
from heapq import merge

from calls.admin.entries import Entry
from calls.models import CallEvent


@dataclass(frozen=True, slots=True)
class Moment:
    """A turn, or an event between turns; the other is None."""

    entry: Entry | None = None
    event: CallEvent | None = None


def timeline(entries: Iterable[Entry], events: Iterable[CallEvent]) -> list[Moment]:
    """Return both in the order of time; both come in it."""
    turns = ((entry.turn.at, 0, Moment(entry=entry)) for entry in entries)
    seams = ((event.at, 1, Moment(event=event)) for event in events)
    return [moment for _, _, moment in merge(turns, seams, key=lambda item: item[:2])]
