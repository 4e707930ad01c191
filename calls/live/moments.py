"""One call as its page shows it, read for those who watch it."""

from dataclasses import dataclass
from functools import partial

from django.db.models import Model
from django.template.loader import render_to_string

from calls.admin.conversation import conversation_of
from calls.admin.timeline import Moment
from calls.caller_numbers import without_digits
from calls.live.feed import Item
from calls.live.viewers import Viewer
from calls.live.wording import state_of_call
from calls.models import Call, Turn


@dataclass(frozen=True, slots=True)
class ReadCall:
    """What a call's page shows. `turn_at` is when the caller's last turn was, in epoch seconds."""

    items: tuple[Item, ...]
    state: dict[str, object]
    turn_at: float


def call_id_of(sid: str) -> int | None:
    """Return the id of the call with a SID, or None where it is not on record."""
    return Call.objects.filter(sid=sid).values_list("pk", flat=True).first()


def call_read(call_id: int, viewer: Viewer) -> ReadCall | None:
    """Return a call as a viewer may see it, or None where it was deleted. Seven queries at most."""
    call = Call.objects.filter(pk=call_id).first()
    if call is None:
        return None
    read = conversation_of(call, shows_number=viewer.sees_numbers)
    heard = (entry.turn.at for entry in read.entries if entry.turn.role == Turn.Role.CALLER)
    return ReadCall(
        tuple(_item(moment, viewer) for moment in read.moments),
        state_of_call(call),
        max((at.timestamp() for at in heard), default=0.0),
    )


def shown_interim(text: str, viewer: Viewer) -> str:
    """Return what a caller is saying as a viewer may see it.

    The caller's number, while he says it, is not whole yet: no row of digits is shown to those who
    may not see it.
    """
    return text if viewer.sees_numbers else without_digits(text)


def _item(moment: Moment, viewer: Viewer) -> Item:
    row: Model | None = moment.event if moment.entry is None else moment.entry.turn
    columns = [] if row is None else [field.attname for field in row._meta.concrete_fields]
    version = [moment.key, moment.mark, *(getattr(row, column) for column in columns)]
    return Item(moment.id, version, partial(_html, moment, viewer))


def _html(moment: Moment, viewer: Viewer) -> str:
    context = {"moment": moment, "perms": viewer.perms}
    return render_to_string("admin/calls/call/moment.html", context).strip()
