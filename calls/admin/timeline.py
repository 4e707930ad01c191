"""A call in the order in which it happened: what was said, and what happened between."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from heapq import merge

from calls.admin.entries import Entry
from calls.admin.marks import Mark
from calls.export.text import clock
from calls.models import CallEvent


@dataclass(frozen=True, slots=True)
class Moment:
    """A turn, an event between turns, or a mark; the others are None.

    `elapsed` is how far into the call it was, as mm:ss; empty where that was not asked for.
    `placed_at` is when it is taken to have been, so that turns stay in the order of the call.
    """

    entry: Entry | None = None
    event: CallEvent | None = None
    mark: Mark | None = None
    elapsed: str = ""
    placed_at: datetime | None = None

    @property
    def at(self) -> datetime:
        """When it was."""
        if self.entry is not None:
            return self.entry.turn.at
        if self.event is not None:
            return self.event.at
        if self.mark is not None:
            return self.mark.at
        raise ValueError("A moment is a turn, an event or a mark.")

    @property
    def id(self) -> str:
        """The id of its element on the page: it tells it from all others of the call."""
        if self.entry is not None:
            return f"turn-{self.entry.turn.number}"
        if self.event is not None:
            return f"event-{self.event.pk}"
        return self.mark.id if self.mark is not None else ""

    @property
    def key(self) -> str:
        """A text by which the moments of a call are in their order."""
        at = (self.placed_at or self.at).timestamp()
        if self.entry is not None:
            return f"{at:017.6f}-0-{self.entry.turn.number:06}"
        if self.event is not None:
            return f"{at:017.6f}-1-{self.event.pk:012}"
        return f"{at:017.6f}-2-{self.id}"


def timeline(
    entries: Iterable[Entry],
    events: Iterable[CallEvent],
    marks: Iterable[Mark] = (),
    *,
    began: datetime | None = None,
) -> list[Moment]:
    """Return all of them in the order of time, in which each kind comes.

    `began` is when the call did. A turn that was said once more later, as it is where a stream
    was lost, stays before what followed it.
    """

    def elapsed(at: datetime) -> str:
        return "" if began is None else clock((at - began).total_seconds())

    turns = (
        Moment(entry=entry, elapsed=elapsed(entry.turn.at), placed_at=at)
        for entry, at in _in_order(list(entries))
    )
    seams = (Moment(event=event, elapsed=elapsed(event.at)) for event in events)
    others = (Moment(mark=mark, elapsed=elapsed(mark.at)) for mark in marks)
    return list(merge(turns, seams, others, key=lambda moment: moment.key))


def _in_order(entries: list[Entry]) -> list[tuple[Entry, datetime]]:
    """Return each with its time, or that of the next one where that is earlier."""
    placed: list[tuple[Entry, datetime]] = []
    for entry in reversed(entries):
        at = min(entry.turn.at, placed[-1][1]) if placed else entry.turn.at
        placed.append((entry, at))
    return placed[::-1]
