"""What a call does next, when Twilio asks: decided and recorded in one transaction.

Under the lock of the call's row, because webhooks of one call may arrive together, twice,
late, or while its media stream writes turns.
"""

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from calls import gather_steps, stream_steps
from calls.lines import line_of
from calls.models import Call, CallEvent, Stream, Turn
from calls.progress import PROGRESS_FIELDS, call_lock, call_progress
from calls.scripts import bot_id_for, bot_script
from calls.step import (
    Step,
    hang_up,
    live_stream,
    speech_of,
    stream_issue,
    streams_since_heard,
    voice_of,
)
from calls.transcript import answer_append, dialogue_state
from calls.turns_due import (
    DIAL_ANSWERED,
    after_lost_stream,
    after_silence,
    after_transfer,
    is_being_spoken,
    last_said,
    transfer_ended,
    unanswered,
)
from calls.twilio.twiml import Speech
from calls.voice.engines import why_none
from chatbot import dialogue, ssml
from chatbot.actions.base import Hangup
from chatbot.answers import Rule
from chatbot.script import Script

logger = logging.getLogger(__name__)

SENT = Turn.Delivery.SENT

SPEECH_IS_RECENT = timedelta(seconds=3)
"""A caller heard so recently is in mid-sentence, and is not asked whether he is still there."""

ANSWER_IS_DUE = timedelta(seconds=10)
"""How long the process that holds the stream may take to answer before the webhook does."""

LOOK_AGAIN_SECONDS = 2
"""The pause before asking again while a caller speaks or is about to be answered."""

MAX_REOPENINGS = 3
"""Streams issued since the caller was last heard, after which he counts as out of reach."""


def call_start(
    *,
    sid: str,
    account_sid: str,
    from_number: str,
    to_number: str,
    direction: str,
    status: str,
    bot_id: int | None = None,
) -> Step:
    """Create the call, once, and greet. Asked again, it answers alike with a fresh stream.

    The bot is the one that is asked for, else that of the number that was called. Raises NoBot
    where the database holds none.
    """
    call, _ = Call.objects.get_or_create(
        sid=sid,
        defaults={
            "account_sid": account_sid,
            "bot_id": bot_id_for(sid, bot_id, to_number),
            "from_number": from_number,
            "to_number": to_number,
            "direction": direction,
        },
    )
    # Before the lock, here and below: reading a bot that was edited takes a while.
    script = bot_script(call.bot_id)
    with transaction.atomic():
        call = call_lock(sid)
        if call.is_over:
            return hang_up(script)
        call_progress(call, status)
        call.save(update_fields=PROGRESS_FIELDS)
        if not call.turn_count:
            is_open = script.is_open(timezone.now())
            begin = dialogue.opening if is_open else dialogue.closed
            answer, state = begin(script, timezone.now())
            if line_of(script) is Call.Line.STREAM:
                call.line = Call.Line.STREAM
                call.save(update_fields=["line"])
            elif script.streams:
                call.events.create(kind=CallEvent.Kind.MUTE, detail=why_none())
            delivery = stream_steps.PENDING if call.line == Call.Line.STREAM else SENT
            answer_append(call, answer=answer, state=state, delivery=delivery)
        if call.line == Call.Line.STREAM:
            return stream_steps.connect(call, script)
        first = call.turns.filter(role=Turn.Role.BOT).earliest("number")
        if first.rule == Rule.CLOSED:
            return Step(speech_of(script, first))
        greeting, _ = dialogue.opening(script, timezone.now())
        return Step(
            Speech(greeting.text, voice_of(script)),
            script.silence_seconds,
            stream_issue(call),
            speak_first=True,
        )


def call_next(
    *, sid: str, ask: str = "", dial_status: str = "", status: str = Call.Status.IN_PROGRESS
) -> Step:
    """Decide what a call does that has nothing left to do.

    From the database alone, so any process can: the one that held the call may be dead.
    `ask` names the request where it may be sent twice. `dial_status` is Twilio's DialCallStatus
    where a transfer has ended, else blank; `status` is its CallStatus. Raises Call.DoesNotExist,
    NoBot.
    """
    script = bot_script(Call.objects.values_list("bot_id", flat=True).get(sid=sid))
    with transaction.atomic():
        call = call_lock(sid)
        if call.is_over:
            if dial_status in DIAL_ANSWERED and transfer_ended(call) is not None:
                # Twilio reports the end of the call and that of the transfer in any order.
                call.outcome = Call.Outcome.TRANSFERRED
                call.save(update_fields=["outcome"])
            return hang_up(script)
        is_repeated = bool(ask) and ask == call.last_ask
        call.last_ask = ask
        call_progress(call, Call.Status.IN_PROGRESS)
        call.save(update_fields=[*PROGRESS_FIELDS, "last_ask"])
        if status in Call.OVER and dial_status not in DIAL_ANSWERED:
            return hang_up(script)  # The caller has left; its end is reported by itself.
        return _next_step(call, script, is_repeated=is_repeated, dial_status=dial_status)


def _next_step(call: Call, script: Script, *, is_repeated: bool, dial_status: str) -> Step:
    now = timezone.now()
    if _is_out_of_reach(call):
        logger.error("%s: no stream stays open; the telephone service is to hear it", call.sid)
        gather_steps.move_to_gather(call, "no stream stayed open")
    if call.hearing == Call.Hearing.GATHER:
        return gather_steps.next_step(
            call, script, is_repeated=is_repeated, dial_status=dial_status
        )
    if call.line == Call.Line.STREAM:
        return stream_steps.next_step(
            call, script, is_repeated=is_repeated, dial_status=dial_status, now=now
        )
    stream = live_stream(call, now)
    last = call.turns.exclude(rule=Rule.ASIDE).last()
    process_answers = stream is not None and last is not None and now - last.at < ANSWER_IS_DUE

    if dial_status and (transfer := transfer_ended(call)) is not None:
        turn = after_transfer(call, script, transfer, dial_status, SENT)
        # Before a transfer the stream is stopped, which may not be on record yet.
        return _speak(call, script, turn, None) if turn is not None else hang_up(script)
    said = last_said(call)
    if said is not None:
        if is_repeated and said.delivery == SENT:
            return _speak(call, script, said, stream)
        if said.delivery == Turn.Delivery.PENDING and process_answers:
            return _look_again(script, stream)
        if said.delivery != SENT:
            said.delivery = SENT
            said.save(update_fields=["delivery"])
            return _speak(call, script, said, stream)
    if dialogue_state(call).ended:
        return hang_up(script)
    if last is not None and last.role == Turn.Role.CALLER:
        if process_answers:
            return _look_again(script, stream)
        answers = unanswered(call, script, said, SENT)
        text = ssml.join(turn.text for turn in answers)
        return _speak(call, script, answers[-1], stream, text=text)
    if stream is None:
        return _reopen(call, script, said, now)
    state = dialogue_state(call)
    is_speaking = call.heard_at is not None and now - call.heard_at < SPEECH_IS_RECENT
    if is_speaking and not dialogue.is_overdue(script, state, now):
        return _look_again(script, stream)
    return _speak(call, script, after_silence(call, script, SENT), stream)


def _is_out_of_reach(call: Call) -> bool:
    """Whether streams are opened again and again and bring nothing of the caller."""
    if call.hearing == Call.Hearing.GATHER or dialogue_state(call).ended:
        return False
    if live_stream(call, timezone.now()) is not None:
        return False
    return streams_since_heard(call) >= MAX_REOPENINGS


def _look_again(script: Script, stream: Stream | None) -> Step:
    """Say nothing, and ask again in a moment."""
    name = stream.name if stream is not None else ""
    return Step(Speech("", voice_of(script)), LOOK_AGAIN_SECONDS, open_stream=name)


def _reopen(call: Call, script: Script, said: Turn | None, now: datetime) -> Step:
    """Listen again: repeat what was being said, else ask."""
    if said is not None and is_being_spoken(said, now):
        return _speak(call, script, said, None)
    return _speak(call, script, after_lost_stream(call, script, SENT), None)


def _speak(
    call: Call, script: Script, turn: Turn, stream: Stream | None, *, text: str | None = None
) -> Step:
    """Say a turn of the bot, or `text` in its place, and do what follows it.

    A stream is opened where none is, unless the call ends or goes to somebody else.
    """
    speech = speech_of(script, turn, text=text)
    errand = turn.pk if turn.errand == Turn.Errand.DUE else None
    if speech.hangs_up or dialogue_state(call).ended:
        then = speech.then if speech.hangs_up else (*speech.then, Hangup())
        return Step(replace(speech, then=then), errand=errand)
    needs_stream = stream is None and not speech.transfers
    return Step(
        speech,
        script.silence_seconds,
        stream_issue(call) if needs_stream else None,
        stream.name if stream is not None else "",
        errand=errand,
    )
