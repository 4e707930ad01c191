"""What a call does next, when Twilio asks: decided and recorded in one transaction.

Under the lock of the call's row, because webhooks of one call may arrive together, twice,
late, or while its media stream writes turns.
"""

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from calls.models import Call, Stream, Turn
from calls.progress import PROGRESS_FIELDS, call_lock, call_progress
from calls.scripts import bot_script
from calls.text import printable
from calls.transcript import answer_append, dialogue_state
from calls.twilio import stream_token
from calls.twilio.twiml import Speech, Voice, speaking_seconds
from chatbot import actions, dialogue
from chatbot.actions import TRANSFER
from chatbot.actions.base import Hangup
from chatbot.answers import Question, Rule, Unanswered
from chatbot.loader import bot_id_of
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

DIAL_ANSWERED = frozenset({"completed", "answered"})
"""The values of DialCallStatus after which somebody was spoken to.

Source: twilio.com/docs/voice/twiml/dial#dialcallstatus-values.
"""

NOT_ASKED = "was not asked to the end: the server that held the call has stopped"


@dataclass(frozen=True, slots=True)
class IssuedStream:
    """A stream that may be opened once with `token`."""

    name: str
    token: str


@dataclass(frozen=True, slots=True)
class Step:
    """What a call does now: speak, and listen for `listen_seconds` unless that ends the call."""

    speech: Speech
    listen_seconds: int = 0
    stream: IssuedStream | None = None
    """The stream to open, where none is open."""
    open_stream: str = ""
    """The name of the stream that is open, or blank."""
    speak_first: bool = False
    """Whether the stream is opened after the text is spoken, not before."""
    errand: int | None = None
    """The turn whose text message is now to be sent, or None."""

    @property
    def text(self) -> str:
        return self.speech.text

    @property
    def hangs_up(self) -> bool:
        return self.speech.hangs_up


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

    The bot is the one of the number that was called. Raises NoBot where the database holds none.
    """
    call, _ = Call.objects.get_or_create(
        sid=sid,
        defaults={
            "account_sid": account_sid,
            "bot_id": bot_id_of(to_number),
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
            return _hang_up(script)
        call_progress(call, status)
        call.save(update_fields=PROGRESS_FIELDS)
        if not call.turn_count:
            is_open = script.is_open(timezone.now())
            begin = dialogue.opening if is_open else dialogue.closed
            answer, state = begin(script, timezone.now())
            answer_append(call, answer=answer, state=state, delivery=Turn.Delivery.SENT)
        first = call.turns.filter(role=Turn.Role.BOT).earliest("number")
        if first.rule == Rule.CLOSED:
            return Step(_speech(script, first))
        greeting, _ = dialogue.opening(script, timezone.now())
        return Step(
            Speech(greeting.text, _voice(script)),
            script.silence_seconds,
            _stream_issue(call),
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
            said = call.turns.filter(role=Turn.Role.BOT).last()
            if dial_status in DIAL_ANSWERED and said is not None and said.action == TRANSFER:
                # Twilio reports the end of the call and that of the transfer in any order.
                call.outcome = Call.Outcome.TRANSFERRED
                call.save(update_fields=["outcome"])
            return _hang_up(script)
        is_repeated = bool(ask) and ask == call.last_ask
        call.last_ask = ask
        call_progress(call, Call.Status.IN_PROGRESS)
        call.save(update_fields=[*PROGRESS_FIELDS, "last_ask"])
        if status in Call.OVER and dial_status not in DIAL_ANSWERED:
            return _hang_up(script)  # The caller has left; its end is reported by itself.
        return _next_step(call, script, is_repeated=is_repeated, dial_status=dial_status)


def _next_step(call: Call, script: Script, *, is_repeated: bool, dial_status: str) -> Step:
    now = timezone.now()
    stream = _live_stream(call, now)
    last = call.turns.last()
    process_answers = stream is not None and last is not None and now - last.at < ANSWER_IS_DUE

    said = call.turns.filter(role=Turn.Role.BOT).last()
    if said is not None:
        if dial_status and said.action == TRANSFER:
            return _after_transfer(call, script, said, stream, dial_status)
        if is_repeated and said.delivery == Turn.Delivery.SENT:
            return _speak(call, script, said, stream)
        if said.delivery == Turn.Delivery.PENDING and process_answers:
            return _look_again(script, stream)
        if said.delivery in {Turn.Delivery.PENDING, Turn.Delivery.FAILED}:
            said.delivery = Turn.Delivery.SENT
            said.save(update_fields=["delivery"])
            return _speak(call, script, said, stream)
    if dialogue_state(call).ended:
        return _hang_up(script)
    if last is not None and last.role == Turn.Role.CALLER:
        if process_answers:
            return _look_again(script, stream)
        return _answer_unanswered(call, script, said, stream)
    if stream is None:
        return _reopen(call, script, said, now)
    state = dialogue_state(call)
    is_speaking = call.heard_at is not None and now - call.heard_at < SPEECH_IS_RECENT
    if is_speaking and not dialogue.is_overdue(script, state, now):
        return _look_again(script, stream)
    answer, state = dialogue.no_input(script, state, now)
    turn = answer_append(call, answer=answer, state=state, delivery=Turn.Delivery.SENT)
    return _speak(call, script, turn, stream)


def _voice(script: Script) -> Voice:
    return Voice(language=script.language, name=script.voice)


def _speech(script: Script, turn: Turn) -> Speech:
    """Return a turn of the bot as it is spoken, with what is done after it."""
    then = actions.directives(turn.action, turn.parameter)
    return Speech(turn.text, _voice(script), then)


def _hang_up(script: Script) -> Step:
    return Step(Speech("", _voice(script), (Hangup(),)))


def _look_again(script: Script, stream: Stream | None) -> Step:
    """Say nothing, and ask again in a moment."""
    name = stream.name if stream is not None else ""
    return Step(Speech("", _voice(script)), LOOK_AGAIN_SECONDS, open_stream=name)


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


def _after_transfer(
    call: Call, script: Script, said: Turn, stream: Stream | None, dial_status: str
) -> Step:
    """Go on when a transfer has ended: the call is over if somebody answered there."""
    if dial_status in DIAL_ANSWERED:
        call.outcome = Call.Outcome.TRANSFERRED
        call.dialogue = replace(dialogue_state(call), ended=True).to_json()
        call.save(update_fields=["outcome", "dialogue"])
        return _hang_up(script)
    answer, state = dialogue.not_transferred(script, dialogue_state(call), said.otherwise)
    answer = replace(answer, note=f"The transfer ended with “{printable(dial_status, 32)}”.")
    turn = answer_append(call, answer=answer, state=state, delivery=Turn.Delivery.SENT)
    return _speak(call, script, turn, stream)


def _answer_unanswered(
    call: Call, script: Script, said: Turn | None, stream: Stream | None
) -> Step:
    """Answer a caller whose process died between hearing and answering him."""
    texts: list[str] = []
    answered = said
    for turn in call.turns.filter(number__gt=said.number if said else 0):
        outcome, state = dialogue.respond(
            script, dialogue_state(call), turn.text, now=timezone.now(), session=call.sid
        )
        if isinstance(outcome, Question):
            # Whoever is to be asked has been asked, perhaps, and the caller has waited enough.
            outcome, state = dialogue.conclude(script, state, outcome, Unanswered(NOT_ASKED))
        answered = answer_append(
            call, answer=outcome, state=state, delivery=Turn.Delivery.SENT, answers=turn
        )
        texts.append(answered.text)
        if actions.directives(answered.action, answered.parameter):
            break
    if answered is None:
        return _look_again(script, stream)
    return _speak(call, script, answered, stream, text=" ".join(texts))


def _reopen(call: Call, script: Script, said: Turn | None, now: datetime) -> Step:
    """Listen again: repeat what was being said, else ask; give up where it keeps failing."""
    since_heard = call.streams.all()
    last_heard = call.turns.filter(role=Turn.Role.CALLER).last()
    if last_heard is not None:
        since_heard = since_heard.filter(issued_at__gt=last_heard.at)
    if since_heard.count() >= MAX_REOPENINGS:
        logger.error("%s: no stream stays open; giving the call up", call.sid)
        answer, state = dialogue.apologise(script, dialogue_state(call))
    elif said is not None and now - said.at < timedelta(seconds=speaking_seconds(said.text)):
        return _speak(call, script, said, None)
    elif dialogue.is_overdue(script, dialogue_state(call), now):
        answer, state = dialogue.limit(script, dialogue_state(call))
    else:
        answer, state = dialogue.still_there(script, dialogue_state(call))
    turn = answer_append(call, answer=answer, state=state, delivery=Turn.Delivery.SENT)
    return _speak(call, script, turn, None)


def _speak(
    call: Call, script: Script, turn: Turn, stream: Stream | None, *, text: str | None = None
) -> Step:
    """Say a turn of the bot, or `text` in its place, and do what follows it.

    A stream is opened where none is, unless the call ends or goes to somebody else.
    """
    speech = _speech(script, turn)
    if text is not None:
        speech = replace(speech, text=text)
    errand = turn.pk if turn.errand == Turn.Errand.DUE else None
    if speech.hangs_up or dialogue_state(call).ended:
        then = speech.then if speech.hangs_up else (*speech.then, Hangup())
        return Step(replace(speech, then=then), errand=errand)
    needs_stream = stream is None and not speech.transfers
    return Step(
        speech,
        script.silence_seconds,
        _stream_issue(call) if needs_stream else None,
        stream.name if stream is not None else "",
        errand=errand,
    )
