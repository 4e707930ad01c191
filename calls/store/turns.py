"""What callers say, on record, together with what answers it."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, OuterRef, Subquery
from django.utils import timezone

from calls.live.changes import call_changed
from calls.models import Call, Stream, Turn
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
from chatbot.script import Script
from chatbot.state import State


def turn_take(
    stream_id: int,
    call_id: int,
    bot_id: int,
    text: str,
    confidence: float | None,
    *,
    is_early: bool = False,
    known: Script | None = None,
) -> TakenTurn | AskedTurn | None:
    """Record what the caller said together with the answer to it, from the bot as it is now.

    One transaction, because the answer is found in memory, within microseconds. Where somebody
    elsewhere is to be asked, only what was said is recorded. None where the call is over, and
    nobody is left to be answered. `known` is the bot as it was last read, which is not read again
    where nobody saved it since. Raises StreamReplaced where another stream of the call has taken
    over: it hears the same words.
    """
    if known is not None:
        with transaction.atomic():
            locked = _lock(call_id, stream_id)
            if known.stamp == locked.bot_stamp:
                return _take(locked, known, text, confidence, is_early=is_early)
    # With no lock held: reading a bot that was edited takes a while.
    script = bot_script(bot_id)
    with transaction.atomic():
        locked = _lock(call_id, stream_id)
        return _take(locked, script, text, confidence, is_early=is_early)


@dataclass(frozen=True, slots=True)
class _Locked:
    """A call whose row is locked, and what else its next turn hangs on.

    `bot_stamp` tells versions of its bot apart; `is_replaced`, whether another stream has taken
    over.
    """

    call: Call
    bot_stamp: tuple[int | None, datetime | None]
    is_replaced: bool


_newest_opened = Stream.objects.filter(call=OuterRef("pk"), opened_at__isnull=False)
_TO_LOCK = Call.objects.select_for_update(of=("self",)).annotate(
    bot_version=F("bot__version"),
    bot_changed_at=F("bot__changed_at"),
    newest_stream=Subquery(_newest_opened.order_by("-pk").values("pk")[:1]),
)
"""Built once: that takes as long as to carry it out."""


def _lock(call_id: int, stream_id: int) -> _Locked:
    """Lock a call. One query, for the caller waits: each is a way to the database and back."""
    call = _TO_LOCK.get(pk=call_id)
    is_replaced = call.newest_stream is not None and call.newest_stream > stream_id
    return _Locked(call, (call.bot_version, call.bot_changed_at), is_replaced)


def _take(
    locked: _Locked, script: Script, text: str, confidence: float | None, *, is_early: bool
) -> TakenTurn | AskedTurn | None:
    call = locked.call
    if call.is_over:
        caller_turn_append(call, text=text, confidence=confidence)
        return None
    if locked.is_replaced:
        raise StreamReplaced
    before = dialogue_state(call)
    outcome, state = dialogue.respond(script, before, text, now=timezone.now(), session=call.sid)
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
