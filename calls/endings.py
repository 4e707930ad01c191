"""How calls and streams end on record: as Twilio reports it, or as it is found out."""

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from calls.live.changes import call_changed
from calls.models import Call, CallEvent, Stream, Turn
from calls.progress import PROGRESS_FIELDS, call_lock, call_progress
from chatbot.answers import Rule

logger = logging.getLogger(__name__)

LOST_AFTER = timedelta(minutes=10)
"""A call of which nothing was heard for so long has ended without a report."""


@transaction.atomic
def call_status_record(*, sid: str, status: str, duration_seconds: int | None) -> bool:
    """Record a status that Twilio reports, in any order; return whether the call is over.

    Raises Call.DoesNotExist.
    """
    call = call_lock(sid)
    if call.is_over:
        if call.duration_seconds is None and duration_seconds is not None:
            call.duration_seconds = duration_seconds
            call.save(update_fields=["duration_seconds"])
    elif status in Call.OVER:
        call_close(call, status=status, duration_seconds=duration_seconds)
    else:
        call_progress(call, status)
        call.save(update_fields=PROGRESS_FIELDS)
    return call.is_over


@transaction.atomic
def stream_status_record(*, sid: str, name: str, event: str, error: str) -> Stream | None:
    """Record the end of a stream that Twilio reports; return the stream that has ended.

    Raises Call.DoesNotExist. None where the stream goes on or is not one of ours.
    """
    call = call_lock(sid)
    if event not in {"stream-stopped", "stream-error"}:
        return None
    stream = next((stream for stream in call.streams.all() if stream.name == name), None)
    if stream is None:
        return None
    if event == "stream-error":
        # Reported twice, it was lost once all the same.
        detail = f"{stream.name}: {error or 'no reason given'}"
        call.events.get_or_create(kind=CallEvent.Kind.STREAM_LOST, detail=detail)
    if stream.closed_at is None:
        stream.closed_at = timezone.now()
        stream.close_reason = (f"{event}: {error}" if error else event)[:200]
        stream.save(update_fields=["closed_at", "close_reason"])
    call_changed(call.pk)
    return stream


def call_close(
    call: Call,
    *,
    status: str = Call.Status.COMPLETED,
    duration_seconds: int | None = None,
    outcome: str = "",
) -> None:
    """Close a call whose row is locked; `outcome` overrides what is on record."""
    now = timezone.now()
    call.status = status
    call.ended_at = now
    call.duration_seconds = duration_seconds
    if outcome or not call.outcome:
        by_caller = status in {Call.Status.COMPLETED, Call.Status.CANCELED}
        call.outcome = outcome or (
            Call.Outcome.CALLER_HUNG_UP if by_caller else Call.Outcome.FAILED
        )
    call.save(update_fields=["status", "ended_at", "duration_seconds", "outcome"])
    # Nobody says any more what a member of the staff had said too late.
    call.turns.filter(rule=Rule.STAFF, delivery=Turn.Delivery.PENDING).update(
        delivery=Turn.Delivery.FAILED
    )
    call.streams.filter(closed_at=None).update(closed_at=now, close_reason="the call ended")
    call_changed(call.pk)


@transaction.atomic
def calls_close_lost() -> int:
    """Close the calls of which nothing was heard for LOST_AFTER; return how many."""
    limit = timezone.now() - LOST_AFTER
    lost = (
        Call.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(ended_at=None, seen_at__lt=limit)
        .exclude(pk__in=Stream.objects.filter(seen_at__gte=limit).values("call_id"))
    )
    closed = 0
    for call in lost:
        call_close(call, outcome=call.outcome or Call.Outcome.LOST)
        closed += 1
    if closed:
        logger.warning("%d calls closed of which no end was reported", closed)
    return closed
