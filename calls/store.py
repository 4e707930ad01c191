"""The only crossing between a live call and the database.

A live call runs on the event loop, which must never wait for the database: `Store.run`
carries a job to a small pool of threads. Each job below is one transaction.
"""

import asyncio
import logging
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from calls.endings import call_close
from calls.gather_steps import move_to_gather
from calls.models import Call, CallEvent, Stream, Turn
from calls.scripts import NoBot, bot_script
from calls.transcript import (
    answer_append,
    caller_turn_append,
    dialogue_state,
    exchange_append,
    question_append,
    turn_answer,
)
from calls.twilio import stream_token
from chatbot import dialogue
from chatbot.actions import TRANSFER
from chatbot.answers import Answer, Question, Reaction, Rule
from chatbot.listening import FOR_NOTHING, Listening
from chatbot.script import Script
from chatbot.state import State

logger = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")


class Store:
    """Runs the database jobs of all live calls of a process, a few at a time."""

    def __init__(self, threads: int) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="call-store")

    async def run(self, job: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `job` in a thread of the pool; raise what it raises.

        Where the caller is cancelled meanwhile, a job that has begun is finished all the same.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, lambda: _run(job, *args, **kwargs))

    def close(self) -> None:
        """Let the running jobs finish and end the threads."""
        self._pool.shutdown()


def _run(job: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a job on the connection that its thread keeps: to open one anew would cost more.

    A connection that the database has cut off takes the job's transaction along, so the job
    is run again on a new one.
    """
    try:
        return job(*args, **kwargs)
    except (OperationalError, InterfaceError):
        if connection.connection is None or connection.is_usable():
            raise
        logger.warning("A database connection was cut off; its job is run again on a new one")
        connection.close()
        _check_pool()
        return job(*args, **kwargs)


def _check_pool() -> None:
    """Have the pool drop its connections that were cut off too, where there is a pool.

    It would find them one by one, and wait after each, for longer and longer.
    """
    pool = getattr(connection, "pool", None)
    if pool is not None:
        pool.check()


class StreamReplaced(Exception):
    """Another stream of the call has taken over."""


class StreamRefused(Exception):
    """The stream may not be opened; the message says why, without the token."""


@dataclass(frozen=True, slots=True)
class OpenedStream:
    """A media stream that was let in, and the bot that answers on it."""

    stream_id: int
    call_id: int
    call_sid: str
    stream_sid: str
    name: str
    script: Script
    streams: bool = False
    """Whether the caller hears audio of our own on it."""
    pending: tuple["TakenTurn", ...] = ()
    """What the bot has yet to say on it."""
    context: int | None = None
    """The intent, by id, whose follow-ups are considered at first."""
    listening: Listening = FOR_NOTHING
    """How to listen to the caller at first."""


@dataclass(frozen=True, slots=True)
class TakenTurn:
    """An answer that is on record, the script that gave it, and what it may be followed by.

    `context` is the intent, by id, whose follow-ups are considered next. `heard_id` is the turn
    of the caller that it answers, and `before` where the dialogue stood before that.
    """

    answer_id: int
    answer: Answer
    script: Script
    context: int | None = None
    heard_id: int = 0
    before: State | None = None


@dataclass(frozen=True, slots=True)
class AskedTurn:
    """What the caller said is on record, and somebody elsewhere is to be asked for the answer.

    `number` is that of the caller's turn in the call.
    """

    number: int
    question: Question
    state: State
    script: Script


class AnsweredElsewhere(Exception):
    """The call has gone on meanwhile: the turn was answered when it asked what to do."""


@dataclass(frozen=True, slots=True)
class StreamCounts:
    """What came in on a stream: bytes of audio, and frames that were passed over."""

    audio_bytes: int = 0
    frames_ignored: int = 0
    frames_malformed: int = 0


def stream_open(*, token: str, call_sid: str, account_sid: str, stream_sid: str) -> OpenedStream:
    """Let a stream in, once, if token, call and account agree. Raises StreamRefused."""
    call = Call.objects.filter(sid=call_sid).first()
    if call is None:
        raise StreamRefused("there is no such call")
    try:
        script = bot_script(call.bot_id)
    except NoBot as error:
        raise StreamRefused("there is no bot to answer it") from error
    with transaction.atomic():
        stream = _stream_admit(token, call_sid, account_sid)
        stream.stream_sid = stream_sid
        stream.save(update_fields=["opened_at", "seen_at", "stream_sid"])
        call = stream.call
        streams = call.line == Call.Line.STREAM and call.hearing == Call.Hearing.STREAM
        pending = _pending(call, script) if streams else ()
    state = dialogue_state(call)
    return OpenedStream(
        stream.pk,
        call.pk,
        call_sid,
        stream_sid,
        stream.name,
        script,
        streams,
        pending,
        state.context,
        script.listening(state),
    )


def _pending(call: Call, script: Script) -> tuple["TakenTurn", ...]:
    """Return what the bot has yet to say, in its order."""
    state = dialogue_state(call)
    listening = script.listening(state)
    turns = call.turns.filter(role=Turn.Role.BOT, delivery=Turn.Delivery.PENDING)
    return tuple(
        TakenTurn(turn.pk, turn_answer(turn, listening), script, state.context) for turn in turns
    )


def _stream_admit(token: str, call_sid: str, account_sid: str) -> Stream:
    digest = stream_token.digest(token)
    stream = (
        Stream.objects.select_for_update(of=("self",))
        .select_related("call")
        .filter(token_digest=digest)
        .first()
    )
    if stream is None:
        raise StreamRefused("the token is not one of ours")
    call = stream.call
    now = timezone.now()
    if call.sid != call_sid or call.account_sid != account_sid:
        raise StreamRefused("the token belongs to another call")
    if stream.opened_at is not None:
        raise StreamRefused("the token was used before")
    if stream.expires_at <= now:
        raise StreamRefused("the token has expired")
    if call.is_over:
        raise StreamRefused("the call is over")
    call.streams.filter(opened_at__isnull=False, closed_at=None).update(
        closed_at=now, close_reason="another stream took over"
    )
    stream.opened_at = stream.seen_at = now
    return stream


@dataclass(frozen=True, slots=True)
class Closing:
    """A stream that was closed on record, and whether its call is over."""

    stream_id: int
    call_is_over: bool


def streams_seen(held: Collection[int], fed: Collection[int]) -> list[Closing]:
    """Note that the streams in `fed` are alive; return those of `held` that are to be given up.

    Announcements through the channel layer can be missed. What is on record cannot.
    """
    with transaction.atomic():
        streams = Stream.objects.filter(pk__in=fed, closed_at=None)
        # A row that is locked is being written, and will be seen next time.
        free = streams.select_for_update(skip_locked=True).values_list("pk", flat=True)
        Stream.objects.filter(pk__in=list(free)).update(seen_at=timezone.now())
    closed = Stream.objects.filter(pk__in=held, closed_at__isnull=False).select_related("call")
    return [Closing(stream.pk, stream.call.is_over) for stream in closed]


def stream_close(stream_id: int, reason: str, counts: StreamCounts) -> None:
    """Record that a stream has ended and what came in on it; the first reason given stays."""
    Stream.objects.filter(pk=stream_id).update(
        audio_bytes=counts.audio_bytes,
        frames_ignored=counts.frames_ignored,
        frames_malformed=counts.frames_malformed,
    )
    Stream.objects.filter(pk=stream_id, closed_at=None).update(
        closed_at=timezone.now(), close_reason=reason
    )


def call_heard(call_id: int) -> None:
    """Note that the caller is speaking."""
    now = timezone.now()
    Call.objects.filter(pk=call_id).update(heard_at=now, seen_at=now)


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
        if call.streams.filter(pk__gt=stream_id, opened_at__isnull=False).exists():
            raise StreamReplaced
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

    None where the dialogue has gone on meanwhile, or the answer is to be asked for elsewhere: then
    only the record is corrected. Raises StreamReplaced.
    """
    with transaction.atomic():
        call = Call.objects.select_for_update().get(pk=call_id)
        heard = Turn.objects.get(pk=taken.heard_id)
        heard.early_text, heard.text = heard.text, text
        heard.confidence, heard.gained_ms = confidence, gained_ms
        heard.save()
        if call.is_over or call.turn_count != heard.number + 1 or taken.before is None:
            return None
        if call.streams.filter(pk__gt=stream_id, opened_at__isnull=False).exists():
            raise StreamReplaced
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
        if call.streams.filter(pk__gt=stream_id, opened_at__isnull=False).exists():
            raise StreamReplaced
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
        if call.streams.filter(pk__gt=stream_id, opened_at__isnull=False).exists():
            raise StreamReplaced
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


def answer_delivered(turn_id: int, delivery: Turn.Delivery, answer_ms: int) -> None:
    """Record whether an answer went out, `answer_ms` after the final transcript.

    One that did not is said when the call next asks what to do; what was said then meanwhile
    stays said.
    """
    sent_ms = answer_ms if delivery == Turn.Delivery.SENT else None
    pending = Turn.objects.filter(pk=turn_id, delivery=Turn.Delivery.PENDING)
    pending.update(delivery=delivery, answer_ms=sent_ms)


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
    Turn.objects.filter(pk=turn_id, delivery=Turn.Delivery.PENDING).update(
        delivery=delivery, audio_ms=audio_ms, heard_ms=heard_ms, answer_ms=answer_ms
    )


@transaction.atomic
def call_mute(call_id: int, turn_id: int, problem: str) -> None:
    """Have the telephone service speak from now on: no audio of ours can be had for an answer."""
    call = Call.objects.select_for_update().get(pk=call_id)
    call.line = Call.Line.SAY
    call.save(update_fields=["line"])
    call.events.create(kind=CallEvent.Kind.MUTE, detail=problem)
    # The line cannot change while it is open; that this process closes it may come too late.
    call.streams.filter(opened_at__isnull=False, closed_at=None).update(
        closed_at=timezone.now(), close_reason="the answer could not be spoken"
    )
    Turn.objects.filter(pk=turn_id, delivery=Turn.Delivery.PENDING).update(
        delivery=Turn.Delivery.FAILED
    )


@transaction.atomic
def call_deaf(call_id: int, problem: str) -> None:
    """Have the telephone service hear the caller from now on: no recognizer of ours can."""
    call = Call.objects.select_for_update().get(pk=call_id)
    move_to_gather(call, problem)


def event_record(
    call_id: int, kind: CallEvent.Kind, detail: str = "", ms: int | None = None
) -> None:
    """Record a seam, a retry or a failure of the call."""
    CallEvent.objects.create(call_id=call_id, kind=kind, detail=detail, ms=ms)


def call_goes_on(call_id: int, stream_id: int) -> bool:
    """Whether a call that has lost this stream still needs one.

    One that is being connected to a person does not: to be told to go on would tear them apart.
    """
    call = Call.objects.get(pk=call_id)
    newer = call.streams.filter(pk__gt=stream_id).exists()
    said = call.turns.filter(role=Turn.Role.BOT).last()
    is_transferred = (
        said is not None and said.action == TRANSFER and said.delivery == Turn.Delivery.SENT
    )
    return not (call.is_over or newer or is_transferred)


@transaction.atomic
def call_over(call_id: int) -> None:
    """Close a call which Twilio says is over."""
    call = Call.objects.select_for_update().get(pk=call_id)
    if not call.is_over:
        call_close(call)
