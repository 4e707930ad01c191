"""Appends turns to the transcript of a call; whoever calls these functions holds its lock."""

import msgspec

from calls.errands import has_errand
from calls.live.changes import call_changed
from calls.models import Call, Turn
from chatbot.answers import Answer, Rule
from chatbot.listening import Listening
from chatbot.manner import AS_EVER, Manner
from chatbot.state import State


def caller_turn_append(
    call: Call, *, text: str, confidence: float | None, rule: Rule | None = None
) -> None:
    """Record what the caller said; `text` is empty where no word could be made out."""
    turn = _caller_turn(call, text, confidence)
    turn.rule = rule or ""
    turn.save()
    call.save(update_fields=["turn_count"])
    call_changed(call.pk)


def answer_append(
    call: Call,
    *,
    answer: Answer,
    state: State,
    delivery: Turn.Delivery,
    answers: Turn | None = None,
) -> Turn:
    """Record what the bot says and where the dialogue stands after it; return the answer.

    `answers` is the caller's turn, on record, that it answers.
    """
    if answers is not None:
        was_miss = answers.rule == Rule.NO_MATCH
        _explain(answers, answer)
        answers.save()
        call.miss_count += (answers.rule == Rule.NO_MATCH) - was_miss
    turn = _bot_turn(call, answer, delivery)
    turn.save()
    _advance(call, answer, state)
    return turn


def exchange_append(
    call: Call,
    *,
    text: str,
    confidence: float | None,
    answer: Answer,
    state: State,
    is_early: bool = False,
) -> tuple[Turn, Turn]:
    """Record what the caller said and the answer that is about to be sent; return both."""
    caller_turn = _caller_turn(call, text, confidence)
    caller_turn.is_early = is_early
    _explain(caller_turn, answer)
    call.miss_count += caller_turn.rule == Rule.NO_MATCH
    bot_turn = _bot_turn(call, answer, Turn.Delivery.PENDING)
    Turn.objects.bulk_create([caller_turn, bot_turn])
    _advance(call, answer, state)
    return caller_turn, bot_turn


def question_append(
    call: Call, *, text: str, confidence: float | None, meant: Answer, state: State
) -> Turn:
    """Record what the caller said while somebody is asked for the answer; return the turn."""
    turn = _caller_turn(call, text, confidence)
    _explain(turn, meant)
    turn.save()
    call.miss_count += turn.rule == Rule.NO_MATCH
    call.dialogue = state.to_json()
    call.save(update_fields=["dialogue", "miss_count", "turn_count"])
    call_changed(call.pk)
    return turn


def dialogue_state(call: Call) -> State:
    """Return where the dialogue of a call stands."""
    return State.from_json(call.dialogue)


def turn_manner(turn: Turn) -> Manner:
    """Return how a turn of the bot is said."""
    return msgspec.convert(turn.manner, Manner)


def turn_answer(turn: Turn, listening: Listening) -> Answer:
    """Return a turn of the bot as the answer that it was."""
    return Answer(
        turn.text,
        turn.action,
        turn.parameter,
        turn.otherwise,
        rule=Rule(turn.rule),
        listening=listening,
        manner=turn_manner(turn),
    )


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
        rule=answer.rule,
        note=answer.note,
        action=answer.action,
        parameter=answer.parameter,
        otherwise=answer.otherwise,
        manner=msgspec.to_builtins(answer.manner) if answer.manner != AS_EVER else {},
        errand=Turn.Errand.DUE if has_errand(answer) else "",
        delivery=delivery,
    )


def _explain(caller_turn: Turn, answer: Answer) -> None:
    """Put the reason of the answer beside what was heard."""
    caller_turn.rule = answer.rule
    caller_turn.captured = {name: value.to_json() for name, value in answer.captured}
    caller_turn.runners_up = [
        {"intent": match.intent, "keyword": match.keyword, "score": round(match.score, 3)}
        for match in answer.matching.runners_up
    ]
    match = answer.match
    if match is not None:
        caller_turn.intent_id = match.intent_id
        caller_turn.intent_name = match.intent
        caller_turn.keyword = match.keyword
        caller_turn.match_kind = match.kind
        caller_turn.match_score = match.score
        caller_turn.is_follow_up = match.is_follow_up


_OUTCOMES = {
    Rule.NO_INPUT: Call.Outcome.SILENCE,
    Rule.STILL_THERE: Call.Outcome.SILENCE,
    Rule.LIMIT: Call.Outcome.LIMIT,
    Rule.CLOSED: Call.Outcome.CLOSED,
    Rule.APOLOGY: Call.Outcome.NOT_HEARD,
}


def _advance(call: Call, answer: Answer, state: State) -> None:
    call.dialogue = state.to_json()
    # A caller who speaks up into the last goodbye takes the call up again.
    outcome = _OUTCOMES.get(answer.rule, Call.Outcome.BOT_HUNG_UP)
    call.outcome = outcome if state.ended else ""
    call.save(update_fields=["dialogue", "miss_count", "outcome", "turn_count"])
    call_changed(call.pk)
