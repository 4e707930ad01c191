"""Media streams on record: let in, seen, closed."""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from calls.models import Call, Stream, Turn
from calls.progress import PROGRESS_FIELDS, call_lock, call_progress
from calls.scripts import NoBot, bot_script
from calls.store.taken import Closing, OpenedStream, StreamCounts, StreamRefused, TakenTurn
from calls.transcript import (
    dialogue_state,
    turn_answer,
)
from calls.twilio import stream_token
from chatbot.script import Script


def stream_open(*, token: str, call_sid: str, account_sid: str, stream_sid: str) -> OpenedStream:
    """Let a stream in, once, if token, call and account agree. Raises StreamRefused."""
    with transaction.atomic():
        try:
            call = call_lock(call_sid)  # Before its streams, as whoever closes it does.
            script = bot_script(call.bot_id)
        except Call.DoesNotExist as error:
            raise StreamRefused("there is no such call") from error
        except NoBot as error:
            raise StreamRefused("there is no bot to answer it") from error
        stream = _stream_admit(call, token, account_sid)
        stream.stream_sid = stream_sid
        stream.save(update_fields=["opened_at", "seen_at", "stream_sid"])
        # It rings no longer, which Twilio reports only where it is asked to.
        call_progress(call, Call.Status.IN_PROGRESS)
        call.save(update_fields=PROGRESS_FIELDS)
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
        state.began,
        account_sid,
    )


def _pending(call: Call, script: Script) -> tuple[TakenTurn, ...]:
    """Return what the bot has yet to say, in its order."""
    state = dialogue_state(call)
    listening = script.listening(state)
    turns = call.turns.filter(role=Turn.Role.BOT, delivery=Turn.Delivery.PENDING)
    return tuple(
        TakenTurn(turn.pk, turn_answer(turn, listening), script, state.context) for turn in turns
    )


def _stream_admit(call: Call, token: str, account_sid: str) -> Stream:
    digest = stream_token.digest(token)
    stream = Stream.objects.select_for_update().filter(token_digest=digest).first()
    if stream is None:
        raise StreamRefused("the token is not one of ours")
    now = timezone.now()
    if stream.call_id != call.pk or call.account_sid != account_sid:
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
