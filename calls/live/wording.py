"""How a running call stands, in words for those who watch it."""

from datetime import datetime, timedelta

from django.template.defaultfilters import pluralize
from django.utils import timezone

from calls.models import Call, Turn
from calls.outcomes import ended_by, ending_of
from chatbot.actions import TRANSFER

BEGINNING = "it is being answered"
ANSWERING = "the bot answers"
SPEAKING = "the bot speaks"
WAITING = "it is the caller’s turn"
TRANSFERRED = "being connected to a person"


def running_seconds(call: Call, now: datetime | None = None) -> int:
    """Return for how long a call has been running."""
    return max(0, round(((now or timezone.now()) - call.started_at).total_seconds()))


def standing(call: Call, last: Turn | None) -> str:
    """Return what happens in a running call whose last turn this is."""
    if last is None:
        return BEGINNING
    if last.role == Turn.Role.CALLER:
        return ANSWERING
    if last.action == TRANSFER and last.delivery in {Turn.Delivery.SENT, Turn.Delivery.SPOKEN}:
        return TRANSFERRED
    return SPEAKING if last.delivery == Turn.Delivery.PENDING else WAITING


def length(call: Call) -> str:
    """Return how long a call lasts, such as "0:03:20"."""
    duration = call.duration
    return str(timedelta(seconds=running_seconds(call)) if duration is None else duration)


def misses(call: Call) -> str:
    """Return how often the caller was not understood."""
    if call.miss_count == 0:
        return "never"
    return f"{call.miss_count} time{pluralize(call.miss_count)}"


def slowest(call: Call) -> str:
    """Return the longest time that the caller waited for an answer; empty where none was timed."""
    return "" if call.slowest_ms is None else f"{call.slowest_ms} ms"


def state_of_call(call: Call) -> dict[str, object]:
    """Return how a call stands: what its page says of the whole of it, beside its turns."""
    return {
        "over": call.is_over,
        "ending": ending_of(call).text,
        "ended_by": ended_by(call),
        "length": length(call) if call.is_over else "",
        "status": call.get_status_display(),
        "misses": misses(call),
        "slowest": slowest(call),
    }
