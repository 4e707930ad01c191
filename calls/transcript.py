"""Appends turns to the transcript of a call; the caller of each function holds the call's lock."""

from datetime import datetime

from django.db.models import Max
from django.utils import timezone

from calls.models import Call, Turn
from chatbot import dialogue
from chatbot.dialogue import Answer, State


def caller_turn_append(
    call: Call, *, text: str, confidence: float | None, at: datetime | None = None
) -> Turn:
    """Record what the caller said; `text` is empty where no word could be made out."""
    return Turn.objects.create(
        call=call,
        number=_next_number(call),
        role=Turn.Role.CALLER,
        text=text,
        confidence=confidence,
        at=at or timezone.now(),
    )


def answer_append(
    call: Call,
    *,
    answer: Answer,
    state: State,
    delivery: Turn.Delivery,
    caller_turn_id: int | None = None,
    outcome: Call.Outcome = Call.Outcome.BOT_HUNG_UP,
) -> Turn:
    """Record what the bot says and where the dialogue stands after it.

    `caller_turn_id` is the turn it answers, which gets the reason of the match. `outcome`
    is how the call will have ended, where the answer ends it.
    """
    if caller_turn_id is not None and answer.match is not None:
        Turn.objects.filter(pk=caller_turn_id).update(
            intent_id=answer.match.intent_id,
            intent_name=answer.match.intent,
            keyword=answer.match.keyword,
            match_kind=answer.match.kind,
            match_score=answer.match.score,
        )
    turn = Turn.objects.create(
        call=call,
        number=_next_number(call),
        role=Turn.Role.BOT,
        text=answer.text,
        action=answer.action,
        delivery=delivery,
    )
    call.dialogue = state.to_json()
    # A caller who speaks up into the last goodbye takes the call up again.
    call.outcome = outcome if state.ended else ""
    call.save(update_fields=["dialogue", "outcome"])
    return turn


def dialogue_state(call: Call) -> dialogue.State:
    """Return where the dialogue of a call stands."""
    return dialogue.State.from_json(call.dialogue)


def _next_number(call: Call) -> int:
    last = Turn.objects.filter(call=call).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1
