"""What becomes of a live call, on record."""

from django.db import transaction
from django.utils import timezone

from calls.endings import call_close
from calls.gather_steps import move_to_gather
from calls.live.changes import call_changed
from calls.models import Call, CallEvent, Turn
from calls.turns_due import transfer_under_way


def call_heard(call_id: int) -> None:
    """Note that the caller is speaking."""
    now = timezone.now()
    Call.objects.filter(pk=call_id).update(heard_at=now, seen_at=now)


@transaction.atomic
def call_mute(call_id: int, turn_id: int, problem: str) -> None:
    """Have the telephone service speak from now on: no audio of ours can be had for an answer."""
    call = Call.objects.select_for_update().get(pk=call_id)
    call.line = Call.Line.SAY
    call.save(update_fields=["line"])
    call.events.create(kind=CallEvent.Kind.MUTE, detail=problem)
    # The line cannot change while it is open; that this process closes it may come too late.
    call.streams.filter(opened_at__isnull=False, closed_at=None).update(
        closed_at=timezone.now(), close_reason="the answer could not be spoken"
    )
    Turn.objects.filter(pk=turn_id, delivery=Turn.Delivery.PENDING).update(
        delivery=Turn.Delivery.FAILED
    )
    call_changed(call_id)


@transaction.atomic
def call_deaf(call_id: int, problem: str) -> None:
    """Have the telephone service hear the caller from now on: no recognizer of ours can."""
    call = Call.objects.select_for_update().get(pk=call_id)
    move_to_gather(call, problem)


def event_record(
    call_id: int, kind: CallEvent.Kind, detail: str = "", ms: int | None = None
) -> None:
    """Record a seam, a retry or a failure of the call."""
    CallEvent.objects.create(call_id=call_id, kind=kind, detail=detail, ms=ms)
    call_changed(call_id)


@transaction.atomic
def call_goes_on(call_id: int, stream_id: int) -> bool:
    """Whether a call that has lost this stream still needs one.

    One that is being connected to a person does not: to be told to go on would tear them apart.
    """
    # Under the lock: one that has asked already is given its next stream in this moment.
    call = Call.objects.select_for_update().get(pk=call_id)
    newer = call.streams.filter(pk__gt=stream_id).exists()
    return not (call.is_over or newer or transfer_under_way(call) is not None)


@transaction.atomic
def call_over(call_id: int) -> None:
    """Close a call which Twilio says is over."""
    call = Call.objects.select_for_update().get(pk=call_id)
    if not call.is_over:
        call_close(call)
