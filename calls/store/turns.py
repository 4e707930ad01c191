"""What callers say, on record, together with what answers it."""

from django.db import transaction
from django.utils import timezone

from calls.live.changes import call_changed
from calls.models import Call, Turn
from calls.scripts import bot_script
from calls.store.taken import AnsweredElsewhere, AskedTurn, StreamReplaced, TakenTurn
from calls.transcript import (
    answer_append,
    caller_turn_append,
    dialogue_state,
    exchange_append,
    question_append,
)
from chatbot import dialogue
from chatbot.answers import Answer, Question, Reaction, Rule
from chatbot.state import State


def turn_take(
    stream_id: int,
    call_id: int,
    bot_id: int,
    text: str,
    confidence: float | None,
    *,
    is_early: bool = False,
) -> TakenTurn | AskedTurn | None:
    """Record what the caller said together with the answer to it, from the bot as it is now.

    One transaction, because the answer is found in memory, within microseconds. Where somebody
    elsewhere is to be asked, only what was said is recorded. None where the call is over, and
    nobody is left to be answered. Raises StreamReplaced where another stream of the call has
    taken over: it hears the same words.
    """
    # Before the lock: reading a bot that was edited takes a while.
    script = bot_script(bot_id)
    with transaction.atomic():
        call = Call.objects.select_for_update().get(pk=call_id)
        if call.is_over:
            caller_turn_append(call, text=text, confidence=confidence)
            return None
        _check_not_replaced(call, stream_id)
        before = dialogue_state(call)
        outcome, state = dialogue.respond(
            script, before, text, now=timezone.now(), session=call.sid
        )
        if isinstance(outcome, Question):
            asked = question_append(
                call, text=text, confidence=confidence, meant=outcome.instead, state=state
            )
            return AskedTurn(asked.number, outcome, state, script)
        heard, turn = exchange_append(
            call,
            text=text,
            confidence=confidence,
            answer=outcome,
            state=state,
            is_early=is_early,
        )
    return TakenTurn(turn.pk, outcome, script, state.context, heard.pk, before)


def turn_confirm(turn_id: int, text: str, confidence: float | None, gained_ms: int) -> None:
    """Record of an early turn what was said to the last word, and how much sooner it was."""
    Turn.objects.filter(pk=turn_id).update(text=text, confidence=confidence, gained_ms=gained_ms)


def turn_correct(
    stream_id: int,
    call_id: int,
    taken: TakenTurn,
    text: str,
    confidence: float | None,
    gained_ms: int,
) -> TakenTurn | None:
    """Record that an early turn was otherwise, and the answer to what was said.

    None where the call is over, the dialogue has gone on meanwhile, or the answer is to be asked
    for elsewhere: then only the record is corrected. Raises StreamReplaced.
    """
    with transaction.atomic():
        call = Call.objects.select_for_update().get(pk=call_id)
        heard = Turn.objects.get(pk=taken.heard_id)
        heard.early_text, heard.text = heard.text, text
        heard.confidence, heard.gained_ms = confidence, gained_ms
        heard.save()
        call_changed(call_id)
        if call.is_over or call.turn_count != heard.number + 1 or taken.before is None:
            return None
        _check_not_replaced(call, stream_id)
        outcome, state = dialogue.respond(
            taken.script, taken.before, text, now=timezone.now(), session=call.sid
        )
        if isinstance(outcome, Question):
            return None
        turn = answer_append(
            call, answer=outcome, state=state, delivery=Turn.Delivery.PENDING, answers=heard
        )
    return TakenTurn(turn.pk, outcome, taken.script, state.context, heard.pk, taken.before)


def silence_take(stream_id: int, call_id: int, bot_id: int) -> TakenTurn | None:
    """Record what is said to a silent caller; None where the call is over.

    Raises StreamReplaced.
    """
    script = bot_script(bot_id)
    with transaction.atomic():
        call = Call.objects.select_for_update().get(pk=call_id)
        if call.is_over:
            return None
        _check_not_replaced(call, stream_id)
        answer, state = dialogue.no_input(script, dialogue_state(call), timezone.now())
        turn = answer_append(call, answer=answer, state=state, delivery=Turn.Delivery.PENDING)
    return TakenTurn(turn.pk, answer, script, state.context)


def turn_conclude(
    stream_id: int, call_id: int, asked: AskedTurn, reaction: Reaction
) -> TakenTurn | None:
    """Record the answer to a turn that somebody elsewhere was asked about.

    None where the call is over. Raises StreamReplaced, or AnsweredElsewhere.
    """
    with transaction.atomic():
        call = Call.objects.select_for_update().get(pk=call_id)
        if call.is_over:
            return None
        _check_not_replaced(call, stream_id)
        if call.turn_count != asked.number:
            raise AnsweredElsewhere
        answer, state = dialogue.conclude(asked.script, asked.state, asked.question, reaction)
        turn = answer_append(call, answer=answer, state=state, delivery=Turn.Delivery.PENDING)
    return TakenTurn(turn.pk, answer, asked.script, state.context)


@transaction.atomic
def caller_turn_record(
    call_id: int, text: str, confidence: float | None, rule: Rule | None = None
) -> None:
    """Record what the caller said where nobody is left to answer it, or no answer is wanted."""
    call = Call.objects.select_for_update().get(pk=call_id)
    caller_turn_append(call, text=text, confidence=confidence, rule=rule)


@transaction.atomic
def apology_record(call_id: int, answer: Answer, state: State, delivery: Turn.Delivery) -> None:
    """Record the last words to a caller who cannot be heard."""
    call = Call.objects.select_for_update().get(pk=call_id)
    answer_append(call, answer=answer, state=state, delivery=delivery)


def _check_not_replaced(call: Call, stream_id: int) -> None:
    """Raise StreamReplaced where another stream of the call has taken over."""
    if call.streams.filter(pk__gt=stream_id, opened_at__isnull=False).exists():
        raise StreamReplaced
