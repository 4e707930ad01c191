"""A call as it is read: what its page shows, and those are told who watch it while it runs."""

from calls.admin.entries import Entry, entries
from calls.admin.timeline import Moment, timeline
from calls.models import Call


def conversation_of(call: Call, *, shows_number: bool) -> tuple[list[Entry], list[Moment]]:
    """Return the turns of a call, and the same with what happened between them.

    Without `shows_number` the caller's number is hidden wherever it was said or noted. Four
    queries, however long the call.
    """
    turns = call.turns.select_related("intent", "staff_act").prefetch_related("intent__follows")
    found = entries(turns.order_by("number"), "" if shows_number else call.from_number)
    return found, timeline(found, call.events.all())
