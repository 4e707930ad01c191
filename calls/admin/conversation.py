"""A call as it is read: what its page shows, and those are told who watch it while it runs."""

from collections.abc import Sequence
from dataclasses import dataclass

from calls.admin.entries import Entry, entries
from calls.admin.marks import marks_of
from calls.admin.timeline import Moment, timeline
from calls.caller_numbers import without_number
from calls.models import Call, Stream


@dataclass(frozen=True, slots=True)
class ReadConversation:
    """The turns of a call, the same with what happened between them, and its media streams."""

    entries: Sequence[Entry]
    moments: Sequence[Moment]
    streams: Sequence[Stream]


def conversation_of(call: Call, *, shows_number: bool) -> ReadConversation:
    """Read a call. Five queries, however long it is.

    Without `shows_number` the caller's number is hidden wherever it was said or noted.
    """
    number = "" if shows_number else call.from_number
    turns = call.turns.select_related("intent", "staff_act").prefetch_related("intent__follows")
    found = entries(turns.order_by("number"), number)
    streams, events = list(call.streams.all()), list(call.events.all())
    # What an error said, which may name the number; to be read, and saved by nobody.
    for stream in streams:
        stream.close_reason = without_number(stream.close_reason, number)
    for event in events:
        event.detail = without_number(event.detail, number)
    marks = marks_of(found, streams)
    moments = timeline(found, events, marks, began=call.started_at)
    return ReadConversation(found, moments, streams)
