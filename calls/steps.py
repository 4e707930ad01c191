"""What a call does next, when Twilio asks: decided and recorded in one transaction.

Under the lock of the call's row, because webhooks of one call may arrive together, twice,
late, or while its media stream writes turns.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from calls.models import Call, Stream, Turn
from calls.progress import PROGRESS_FIELDS, call_lock, call_progress
from calls.scripts import bot_script
from calls.transcript import answer_append, dialogue_state
from calls.twilio import stream_token
from calls.twilio.twiml import Voice, speaking_seconds
from chatbot import dialogue
from chatbot.loader import default_bot_id
from chatbot.script import Script

logger = logging.getLogger(__name__)

STREAM_STALE_AFTER = timedelta(seconds=4)
"""An open stream not seen for so long has lost its process: it is seen once a second."""

SPEECH_IS_RECENT = timedelta(seconds=3)
"""A caller heard so recently is in mid-sentence, and is not asked whether he is still there."""

ANSWER_IS_DUE = timedelta(seconds=10)
"""How long the process that holds the stream may take to answer before the webhook does."""

LOOK_AGAIN_SECONDS = 2
"""The pause before asking again while a caller speaks or is about to be answered."""

MAX_REOPENINGS = 3
"""Streams opened since the caller was last heard, after which he counts as out of reach."""


@dataclass(frozen=True, slots=True)
class IssuedStream:
    """A stream that may be opened once with `token`."""

    name: str
    token: str


@dataclass(frozen=True, slots=True)
class Step:
    """What a call does now: say `text`, then listen for `listen_seconds`, or else hang up."""

    voice: Voice
    text: str = ""
    listen_seconds: int = 0
    stream: IssuedStream | None = None
    """The stream to open, where none is open."""
    speak_first: bool = False
    """Whether the stream is opened after the text is spoken, not before."""

    @property
    def hangs_up(self) -> bool:
        return self.listen_seconds == 0


def call_start(
    *,
    sid: str,
    account_sid: str,
    from_number: str,
    to_number: str,
    direction: str,
    status: str,
) -> Step:
    """Create the call, once, and greet. Asked again, it answers alike with a fresh stream.

    Raises NoBot where the database holds none.
    """
    call, _ = Call.objects.get_or_create(
        sid=sid,
        defaults={
            "account_sid": account_sid,
            "bot_id": default_bot_id(),
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
            return Step(_voice(script))
        call_progress(call, status)
        call.save(update_fields=PROGRESS_FIELDS)
        greeting, state = dialogue.opening(script)
        if not call.turn_count:
            answer_append(call, answer=greeting, state=state, delivery=Turn.Delivery.SENT)
        return Step(
            _voice(script),
            greeting.text,
            script.silence_seconds,
            _stream_issue(call),
            speak_first=True,
        )


def call_next(*, sid: str, ask: str = "") -> Step:
    """Decide what a call does that has nothing left to do.

    From the database alone, so any process can: the one that held the call may be dead.
    `ask` names the request where it may be sent twice. Raises Call.DoesNotExist, NoBot.
    """
    script = bot_script(Call.objects.values_list("bot_id", flat=True).get(sid=sid))
    with transaction.atomic():
        call = call_lock(sid)
        if call.is_over:
            return Step(_voice(script))
        is_repeated = bool(ask) and ask == call.last_ask
        call.last_ask = ask
        call_progress(call, Call.Status.IN_PROGRESS)
        call.save(update_fields=[*PROGRESS_FIELDS, "last_ask"])
        return _next_step(call, script, is_repeated=is_repeated)


def _next_step(call: Call, script: Script, *, is_repeated: bool) -> Step:
    now = timezone.now()
    stream = _live_stream(call, now)
    last = call.turns.last()
    process_answers = stream is not None and last is not None and now - last.at < ANSWER_IS_DUE

    said = call.turns.filter(role=Turn.Role.BOT).last()
    if said is not None:
        if is_repeated and said.delivery == Turn.Delivery.SENT:
            return _speak(call, script, said.text, reopen=stream is None)
        if said.delivery == Turn.Delivery.PENDING and process_answers:
            return Step(_voice(script), listen_seconds=LOOK_AGAIN_SECONDS)
        if said.delivery in {Turn.Delivery.PENDING, Turn.Delivery.FAILED}:
            said.delivery = Turn.Delivery.SENT
            said.save(update_fields=["delivery"])
            return _speak(call, script, said.text, reopen=stream is None)
    if dialogue_state(call).ended:
        return Step(_voice(script))
    if last is not None and last.role == Turn.Role.CALLER:
        if process_answers:
            return Step(_voice(script), listen_seconds=LOOK_AGAIN_SECONDS)
        return _answer_unanswered(call, script, said, reopen=stream is None)
    if stream is None:
        return _reopen(call, script, said, now)
    if call.heard_at is not None and now - call.heard_at < SPEECH_IS_RECENT:
        return Step(_voice(script), listen_seconds=LOOK_AGAIN_SECONDS)
    answer, state = dialogue.no_input(script, dialogue_state(call))
    answer_append(
        call,
        answer=answer,
        state=state,
        delivery=Turn.Delivery.SENT,
        outcome=Call.Outcome.SILENCE,
    )
    return _speak(call, script, answer.text, reopen=False)


def _voice(script: Script) -> Voice:
    return Voice(language=script.language, name=script.voice)


def _stream_issue(call: Call) -> IssuedStream:
    token = stream_token.new_token()
    stream = Stream.objects.create(
        call=call,
        token_digest=stream_token.digest(token),
        expires_at=timezone.now() + stream_token.LIFETIME,
    )
    return IssuedStream(stream.name, token)


def _live_stream(call: Call, now: datetime) -> Stream | None:
    """Return the stream whose process is alive, or None."""
    return call.streams.filter(
        opened_at__isnull=False, closed_at=None, seen_at__gt=now - STREAM_STALE_AFTER
    ).last()


def _answer_unanswered(call: Call, script: Script, said: Turn | None, *, reopen: bool) -> Step:
    """Answer a caller whose process died between hearing and answering him."""
    texts = []
    for turn in call.turns.filter(number__gt=said.number if said else 0):
        answer, state = dialogue.respond(script, dialogue_state(call), turn.text)
        answer_append(call, answer=answer, state=state, delivery=Turn.Delivery.SENT, answers=turn)
        texts.append(answer.text)
        if state.ended:
            break
    return _speak(call, script, " ".join(texts), reopen=reopen)


def _reopen(call: Call, script: Script, said: Turn | None, now: datetime) -> Step:
    """Listen again: repeat what was being said, else ask; give up where it keeps failing."""
    since_heard = call.streams.all()
    last_heard = call.turns.filter(role=Turn.Role.CALLER).last()
    if last_heard is not None:
        since_heard = since_heard.filter(issued_at__gt=last_heard.at)
    if since_heard.count() >= MAX_REOPENINGS:
        logger.error("%s: no stream stays open; giving the call up", call.sid)
        answer, state = dialogue.apologise(script, dialogue_state(call))
        answer_append(
            call,
            answer=answer,
            state=state,
            delivery=Turn.Delivery.SENT,
            outcome=Call.Outcome.NOT_HEARD,
        )
        return _speak(call, script, answer.text, reopen=False)
    if said is not None and now - said.at < timedelta(seconds=speaking_seconds(said.text)):
        return _speak(call, script, said.text, reopen=True)
    answer, state = dialogue.reprompt(script, dialogue_state(call))
    answer_append(call, answer=answer, state=state, delivery=Turn.Delivery.SENT)
    return _speak(call, script, answer.text, reopen=True)


def _speak(call: Call, script: Script, text: str, *, reopen: bool) -> Step:
    """Say something, and hang up after it where the dialogue has ended."""
    if dialogue_state(call).ended:
        return Step(_voice(script), text)
    stream = _stream_issue(call) if reopen else None
    return Step(_voice(script), text, script.silence_seconds, stream)
