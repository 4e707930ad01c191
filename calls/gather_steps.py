"""What a call does next whose caller the telephone service hears: no recognizer of ours could.

Each answer comes with a `<Gather>`; what it hears is posted to /voice/gather and answered by the
same intents.
"""

from dataclasses import dataclass, replace

from django.db import transaction
from django.utils import timezone

from calls.live.changes import call_changed
from calls.models import Call, CallEvent, Turn
from calls.progress import PROGRESS_FIELDS, call_lock, call_progress
from calls.scripts import bot_script
from calls.step import Step, hang_up, speech_of, voice_of
from calls.transcript import (
    answer_append,
    caller_turn_append,
    dialogue_state,
    question_append,
)
from calls.turns_due import (
    after_lost_stream,
    after_silence,
    after_transfer,
    is_being_spoken,
    last_said,
    transfer_ended,
    unanswered,
)
from calls.twilio.twiml import Speech
from chatbot import dialogue, ssml
from chatbot.actions.base import Hangup
from chatbot.answers import Question, Reaction, Rule
from chatbot.script import Script
from chatbot.state import State

PENDING = Turn.Delivery.PENDING
SENT = Turn.Delivery.SENT

MAX_SILENCES = 1
"""After so many silences in a row, and one more, the caller counts as unheard, not as silent."""

ASK_AGAIN_SECONDS = 1
"""The pause before a call asks what to do, where its answer came too late."""


@dataclass(frozen=True, slots=True)
class AskedFirst:
    """What the caller said is on record, as turn `number`; somebody elsewhere is to be asked."""

    number: int
    question: Question
    state: State


def move_to_gather(call: Call, reason: str) -> None:
    """Have the telephone service hear the caller from now on; a fact on the call's record."""
    call.hearing = Call.Hearing.GATHER
    call.line = Call.Line.SAY
    call.save(update_fields=["hearing", "line"])
    call.events.create(kind=CallEvent.Kind.GATHER, detail=reason)
    call_changed(call.pk)


def next_step(call: Call, script: Script, *, is_repeated: bool, dial_status: str) -> Step:
    """Decide what the call does that was silent, or has just come to be heard in this way."""
    if dial_status and (transfer := transfer_ended(call)) is not None:
        turn = after_transfer(call, script, transfer, dial_status, SENT)
        return _speak(call, script, turn) if turn is not None else hang_up(script)
    said = last_said(call)
    if said is not None and is_repeated and said.delivery == SENT:
        return _speak(call, script, said)
    if said is not None and said.delivery != SENT:
        spoken = said.delivery == Turn.Delivery.SPOKEN
        return _say_again(call, script, said, text="" if spoken else None)
    if dialogue_state(call).ended:
        return hang_up(script)
    answers = unanswered(call, script, said, SENT)
    if answers:
        text = ssml.join(turn.text for turn in answers)
        return _speak(call, script, answers[-1], text=text)
    if said is not None and _was_just_moved(call, said):
        if is_being_spoken(said, timezone.now()):
            return _say_again(call, script, said)
        return _speak(call, script, after_lost_stream(call, script, SENT))
    if dialogue_state(call).silences >= MAX_SILENCES:
        return _speak(call, script, _give_up(call, script))
    return _speak(call, script, after_silence(call, script, SENT))


def _say_again(call: Call, script: Script, said: Turn, *, text: str | None = None) -> Step:
    """Say what the caller has not heard, or not to its end; a silence behind it is his."""
    said.delivery = SENT
    said.at = timezone.now()
    said.heard_ms = None  # What cut it short was no caller, and now it is said to its end.
    said.save(update_fields=["at", "delivery", "heard_ms"])
    return _speak(call, script, said, text=text)


def _was_just_moved(call: Call, said: Turn) -> bool:
    """Whether the bot has said nothing since: the caller was not heard, rather than silent."""
    return call.events.filter(kind=CallEvent.Kind.GATHER, at__gt=said.at).exists()


def gathered(sid: str, text: str, confidence: float | None, *, ask: str = "") -> Step | AskedFirst:
    """Record and answer what the telephone service heard, or return who is to be asked first.

    `ask` names the request, which may be sent twice. Raises Call.DoesNotExist, NoBot.
    """
    script = bot_script(Call.objects.values_list("bot_id", flat=True).get(sid=sid))
    with transaction.atomic():
        call = call_lock(sid)
        if call.is_over:
            return hang_up(script)
        is_repeated = bool(ask) and ask == call.last_ask
        call.last_ask = ask
        # No stream tells that this call lives.
        call_progress(call, Call.Status.IN_PROGRESS)
        call.save(update_fields=[*PROGRESS_FIELDS, "last_ask"])
        said = last_said(call)
        if said is not None and said.rule == Rule.STAFF and said.delivery == PENDING:
            # A person answers, who reads what the caller said.
            if not is_repeated:
                caller_turn_append(call, text=text, confidence=confidence, rule=Rule.ASIDE)
            return _say_again(call, script, said)
        if is_repeated and said is not None:
            return _speak(call, script, said)
        if dialogue_state(call).ended:
            return hang_up(script)
        outcome, state = dialogue.respond(
            script, dialogue_state(call), text, now=timezone.now(), session=sid
        )
        meant = outcome.instead if isinstance(outcome, Question) else outcome
        turn = question_append(call, text=text, confidence=confidence, meant=meant, state=state)
        if isinstance(outcome, Question):
            return AskedFirst(turn.number, outcome, state)
        answer = answer_append(call, answer=outcome, state=state, delivery=SENT, answers=turn)
        return _speak(call, script, answer)


def concluded(sid: str, asked: AskedFirst, reaction: Reaction) -> Step:
    """Answer what somebody elsewhere was asked about, unless the call has gone on meanwhile."""
    script = bot_script(Call.objects.values_list("bot_id", flat=True).get(sid=sid))
    with transaction.atomic():
        call = call_lock(sid)
        if call.is_over:
            return hang_up(script)
        if call.turn_count != asked.number:
            return Step(Speech("", voice_of(script)), ASK_AGAIN_SECONDS)
        answer, state = dialogue.conclude(script, asked.state, asked.question, reaction)
        turn = answer_append(call, answer=answer, state=state, delivery=SENT)
        return _speak(call, script, turn)


def give_up(sid: str, reason: str) -> Step:
    """Apologise to a caller of whom nothing can be made, and connect him to a person or part.

    Raises Call.DoesNotExist, NoBot.
    """
    script = bot_script(Call.objects.values_list("bot_id", flat=True).get(sid=sid))
    with transaction.atomic():
        call = call_lock(sid)
        if call.is_over:
            return hang_up(script)
        call.events.create(kind=CallEvent.Kind.NOT_SENT, detail=reason)
        call_changed(call.pk)
        if dialogue_state(call).ended:
            return hang_up(script)
        step = _speak(call, script, _give_up(call, script))
        stream = call.streams.filter(opened_at__isnull=False, closed_at=None).last()
        if stream is None or call.line == Call.Line.STREAM:
            return step
        return replace(step, open_stream=stream.name)


def _give_up(call: Call, script: Script) -> Turn:
    said = last_said(call)
    # Where it was tried before, it is the transfer itself that does not succeed.
    is_tried = said is not None and said.rule == Rule.APOLOGY
    part = dialogue.apologise if is_tried else dialogue.give_up
    answer, state = part(script, dialogue_state(call))
    return answer_append(call, answer=answer, state=state, delivery=SENT)


def _speak(call: Call, script: Script, turn: Turn, *, text: str | None = None) -> Step:
    speech = speech_of(script, turn, text=text)
    state = dialogue_state(call)
    errand = turn.pk if turn.errand == Turn.Errand.DUE else None
    if speech.hangs_up or state.ended:
        then = speech.then if speech.hangs_up else (*speech.then, Hangup())
        return Step(replace(speech, then=then), errand=errand)
    listening = script.listening(state)
    return Step(
        speech,
        script.silence_seconds,
        errand=errand,
        gathers=not speech.transfers,
        hints=listening.hints,
        language=listening.language,
    )
