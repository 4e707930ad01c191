"""A call in the order in which it happened: what was said, and the seams and faults between."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from heapq import merge

from calls.admin.entries import Entry
from calls.models import CallEvent


@dataclass(frozen=True, slots=True)
class Moment:
    """A turn, or an event between turns; the other is None.

    `key` is a text by which the moments of a call are in their order.
    """

    entry: Entry | None = None
    event: CallEvent | None = None
    key: str = ""

    @property
    def id(self) -> str:
        """The id of its element on the page: it tells it from all others of the call."""
        if self.entry is not None:
            return f"turn-{self.entry.turn.number}"
        return f"event-{self.event.pk}" if self.event is not None else ""


def timeline(entries: Iterable[Entry], events: Iterable[CallEvent]) -> list[Moment]:
    """Return both in the order of time; both come in it."""
    turns = ((entry.turn.at, 0, Moment(entry=entry)) for entry in entries)
    seams = ((event.at, 1, Moment(event=event)) for event in events)
    found: list[Moment] = []
    last: datetime | None = None
    for at, kind, moment in merge(turns, seams, key=lambda item: item[:2]):
        # Clocks of two servers differ: what comes behind another did not happen before it.
        last = at if last is None else max(at, last)
        number = moment.entry.turn.number if moment.entry is not None else 0
        if moment.event is not None:
            number = moment.event.pk
        found.append(replace(moment, key=f"{last.timestamp():017.6f}-{kind}-{number:010}"))
    return found
