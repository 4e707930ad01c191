"""Whether answers went out, on record, and how much of them was heard."""

from django.db.models import Q

from calls.models import Call, Turn


def answer_delivered(turn_id: int, delivery: Turn.Delivery, answer_ms: int | None) -> None:
    """Record whether an answer went out, `answer_ms` after the final transcript.

    None where it answers nothing said, or did not go out.

    One that did not is said when the call next asks what to do; what was said then meanwhile
    stays said.
    """
    sent_ms = answer_ms if delivery == Turn.Delivery.SENT else None
    pending = Turn.objects.filter(pk=turn_id, delivery=Turn.Delivery.PENDING)
    pending.update(delivery=delivery, answer_ms=sent_ms)


def answer_is_due(turn_id: int) -> bool:
    """Whether an answer is yet to be sent: nobody else has said it, nor failed to."""
    return Turn.objects.filter(pk=turn_id, delivery=Turn.Delivery.PENDING).exists()


def answer_heard(
    turn_id: int,
    audio_ms: int,
    heard_ms: int | None,
    answer_ms: int | None,
    delivery: Turn.Delivery,
) -> None:
    """Record that an answer was heard, up to `heard_ms` where the caller cut it short.

    It began `answer_ms` after the final transcript; None where it answers nothing said.
    """
    pending = Turn.objects.filter(pk=turn_id, delivery=Turn.Delivery.PENDING)
    pending.update(delivery=delivery, audio_ms=audio_ms, heard_ms=heard_ms, answer_ms=answer_ms)


def answer_was_slow(call_id: int, answer_ms: int) -> None:
    """Keep beside the call how long its slowest answer took, where this one was it."""
    slower = Q(slowest_ms=None) | Q(slowest_ms__lt=answer_ms)
    Call.objects.filter(slower, pk=call_id).update(slowest_ms=answer_ms)
