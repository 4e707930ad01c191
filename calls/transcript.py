"""Appends turns to the transcript of a call; whoever calls these functions holds its lock."""

from calls.models import Call, Turn
from chatbot.dialogue import Answer, State


def caller_turn_append(call: Call, *, text: str, confidence: float | None) -> None:
    """Record what the caller said; `text` is empty where no word could be made out."""
    _caller_turn(call, text, confidence).save()
    call.save(update_fields=["turn_count"])


def answer_append(
    call: Call,
    *,
    answer: Answer,
    state: State,
    delivery: Turn.Delivery,
    answers: Turn | None = None,
    outcome: Call.Outcome = Call.Outcome.BOT_HUNG_UP,
) -> None:
    """Record what the bot says and where the dialogue stands after it.

    `answers` is the caller's turn, on record, that it answers. `outcome` is how the call
    will have ended, where the answer ends it.
    """
    if answers is not None:
        _explain(answers, answer)
        answers.save()
    _bot_turn(call, answer, delivery).save()
    _advance(call, state, outcome)


def exchange_append(
    call: Call, *, text: str, confidence: float | None, answer: Answer, state: State
) -> Turn:
    """Record what the caller said and the answer that is about to be sent; return the answer."""
    caller_turn = _caller_turn(call, text, confidence)
    _explain(caller_turn, answer)
    bot_turn = _bot_turn(call, answer, Turn.Delivery.PENDING)
    Turn.objects.bulk_create([caller_turn, bot_turn])
    _advance(call, state, Call.Outcome.BOT_HUNG_UP)
    return bot_turn


def dialogue_state(call: Call) -> State:
    """Return where the dialogue of a call stands."""
    return State.from_json(call.dialogue)


def _caller_turn(call: Call, text: str, confidence: float | None) -> Turn:
    call.turn_count += 1
    return Turn(
        call=call,
        number=call.turn_count,
        role=Turn.Role.CALLER,
        text=text,
        confidence=confidence,
    )


def _bot_turn(call: Call, answer: Answer, delivery: Turn.Delivery) -> Turn:
    call.turn_count += 1
    return Turn(
        call=call,
        number=call.turn_count,
        role=Turn.Role.BOT,
        text=answer.text,
        action=answer.action,
        delivery=delivery,
    )


def _explain(caller_turn: Turn, answer: Answer) -> None:
    """Put the reason of the match beside what was heard."""
    match = answer.match
    if match is not None:
        caller_turn.intent_id = match.intent_id
        caller_turn.intent_name = match.intent
        caller_turn.keyword = match.keyword
        caller_turn.match_kind = match.kind
        caller_turn.match_score = match.score


def _advance(call: Call, state: State, outcome: Call.Outcome) -> None:
    call.dialogue = state.to_json()
    # A caller who speaks up into the last goodbye takes the call up again.
    call.outcome = outcome if state.ended else ""
    call.save(update_fields=["dialogue", "outcome", "turn_count"])
