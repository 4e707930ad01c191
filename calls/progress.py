"""The course of a call on record: it only goes forward. For functions within a transaction."""

from django.utils import timezone

from calls.live.changes import call_changed
from calls.models import Call

_PROGRESS = [
    Call.Status.QUEUED,
    Call.Status.INITIATED,
    Call.Status.RINGING,
    Call.Status.IN_PROGRESS,
]


def call_lock(sid: str) -> Call:
    """Return a call whose row nobody else writes until the end of the transaction.

    Raises Call.DoesNotExist.
    """
    return Call.objects.select_for_update().get(sid=sid)


PROGRESS_FIELDS = ["seen_at", "status"]
"""What `call_progress` changes, and whoever calls it saves."""


def call_progress(call: Call, status: str) -> None:
    """Note that the call lives, and its status where that is a step forward."""
    call.seen_at = timezone.now()
    # Also for what else the transaction changes that this begins.
    call_changed(call.pk)
    if status in _PROGRESS and _PROGRESS.index(Call.Status(status)) > _PROGRESS.index(
        Call.Status(call.status)
    ):
        call.status = status
