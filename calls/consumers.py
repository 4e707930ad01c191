"""The media WebSocket: Twilio's frames in, handed to the session of the call."""

import asyncio
import logging

from channels.generic.websocket import AsyncWebsocketConsumer
from channels.layers import get_channel_layer
from django.db import Error as DatabaseError

from calls import conversation as talk
from calls import groups, store
from calls.media_reader import MediaReader, SocketClosed
from calls.session import CallSession
from calls.store import OpenedStream, StreamRefused
from calls.switchboard import Switchboard
from calls.twilio import stream_token
from calls.twilio.media_stream import Start
from voiceproject.asgi_types import Event, Receive, Scope, Send
from voiceproject.channel_layer import LAYER_ERRORS
from voiceproject.sockets import SOCKET_GONE

logger = logging.getLogger(__name__)

START_SECONDS = 5.0
"""How long a socket may take to say which call it belongs to."""

TIDY_SECONDS = 2.0
"""How long a socket that is closed waits for the end of what read it."""

FOLLOW_AGAIN_SECONDS = 1.0
"""How long to wait before a channel layer is asked again that has failed."""

# Close codes: the normal one, and ours from the range that RFC 6455 leaves to applications.
NORMAL = 1000
JUNK = 4400
REFUSED = 4403
NO_START = 4408
INTERNAL = 4500


class MediaStreamConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]  # Channels is untyped
    """One media stream of one call.

    Channels dispatches each message by way of a thread, which at 50 frames a second costs
    more than all that is done with a frame. So this consumer is routed and scoped as any,
    and reads its socket in a loop of its own.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope = scope
        self.base_send = send
        reader = MediaReader(receive)
        try:
            await reader.connect()
            if Switchboard.current().is_closing:
                await self.close()
                return
            await self.accept()
            await self._serve(reader)
        except SocketClosed:
            if not reader.is_closed:
                await self.close(JUNK)

    async def _serve(self, reader: MediaReader) -> None:
        try:
            async with asyncio.timeout(START_SECONDS):
                start = await reader.start()
        except TimeoutError:
            logger.warning("A media socket sent no start in %g s: closed", START_SECONDS)
            await self.close(NO_START)
            return
        switchboard = Switchboard.current()
        try:
            opened = await self._admit(switchboard, start)
        except StreamRefused as refusal:
            logger.warning("A media stream was refused: %s", refusal)
            await self.close(REFUSED)
            return
        except DatabaseError:
            logger.exception("A media stream could not be admitted")
            await self.close(INTERNAL)
            return
        session = CallSession(opened, switchboard, self._send_text)
        with switchboard.holding(opened.stream_id, session):
            await self._hold(session, opened, reader)

    async def _send_text(self, text: str) -> None:
        """Send a frame, past what Channels does for each message."""
        try:
            await self.base_send({"type": "websocket.send", "text": text})
        except SOCKET_GONE:
            # Whoever sends need not know: that the stream has ended is about to be read.
            logger.debug("A frame was sent to a socket that is gone")

    async def _admit(self, switchboard: Switchboard, start: Start) -> OpenedStream:
        return await switchboard.store.run(
            store.stream_open,
            token=start.parameters.get(stream_token.PARAMETER, ""),
            call_sid=start.start.call_sid,
            account_sid=start.start.account_sid,
            stream_sid=start.stream_sid,
        )

    async def _hold(self, session: CallSession, opened: OpenedStream, reader: MediaReader) -> None:
        """Run the session until it ends, whoever ends it, and close the socket."""
        reading = asyncio.create_task(self._read(reader, session), name="media-read")
        following = asyncio.create_task(self._follow(session, opened), name="media-follow")
        running = asyncio.create_task(session.run(), name="media-session")
        try:
            # Not awaited by itself: a cancelled `wait` leaves the session to end in its own way.
            await asyncio.wait({running})
        except asyncio.CancelledError:
            session.post(talk.StreamEnded("the server is stopping"))
            raise
        finally:
            await asyncio.wait({running})
            reading.cancel()
            following.cancel()
            try:
                counts = reader.counts(session.audio_bytes)
                await session.close(_leave(running), counts, is_lost=reader.is_closed)
            finally:
                if not reader.is_closed:
                    await self.close(NORMAL)
                # Not for ever: a channel layer may take its time, or be stuck.
                await asyncio.wait({reading, following}, timeout=TIDY_SECONDS)

    async def _read(self, reader: MediaReader, session: CallSession) -> None:
        """Hand over the caller's audio until the stream ends, and then say so, come what may."""
        reason = "the socket could not be read"
        try:
            reason = await reader.read(session.hear, session.press, session.mark)
        except SocketClosed as closed:
            reason = str(closed)
        finally:
            session.post(talk.StreamEnded(reason))

    async def _follow(self, session: CallSession, opened: OpenedStream) -> None:
        """Pass on what other processes say of the call, for as long as the session runs."""
        layer = get_channel_layer()
        group = groups.group_of(opened.call_sid)
        while True:
            channel = None
            try:
                channel = await layer.new_channel()
                await layer.group_add(group, channel)
                await groups.announce(opened.call_sid, groups.STREAM_OPENED, opened.stream_id)
                session.catch_up()
                while True:
                    message = await layer.receive(channel)
                    _hear_announcement(message, session, opened.stream_id)
            except LAYER_ERRORS:
                logger.exception("%s: the channel layer failed; trying again", opened.call_sid)
                await asyncio.sleep(FOLLOW_AGAIN_SECONDS)
            finally:
                if channel is not None:
                    await groups.leave(group, channel)


def _leave(running: asyncio.Task[talk.Leave]) -> talk.Leave:
    """Return how a session ended; a defect of ours must not leave the call without a stream."""
    error = running.exception()
    if error is None:
        return running.result()
    logger.error("A session broke", exc_info=error)
    return talk.Leave("the session broke", talk.Fate.UNKNOWN)


async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
    """Close a WebSocket that nothing is served on, before it is accepted."""
    await send({"type": "websocket.close"})


def _hear_announcement(message: Event, session: CallSession, stream_id: int) -> None:
    """Hand an announcement to the session of one stream, where it concerns that."""
    match message:
        case {"type": groups.CALL_WATCHED}:
            session.watched()
        case {"type": groups.STAFF_SPOKE, "turn_id": int(turn_id)}:
            session.say_for_staff(turn_id)
        case _ if (event := _read_announcement(message, stream_id)) is not None:
            session.post(event)


def _read_announcement(message: Event, stream_id: int) -> talk.Event | None:
    """Return what an announcement means for one stream; None where it concerns another."""
    match message:
        case {"type": groups.CALL_ENDED}:
            return talk.CallEnded()
        case {"type": groups.STREAM_ENDED, "stream_id": int(ended)} if ended == stream_id:
            return talk.StreamEnded("Twilio reports its end")
        case {"type": groups.STREAM_OPENED, "stream_id": int(newer)} if newer != stream_id:
            return talk.StreamReplaced()
    return None
