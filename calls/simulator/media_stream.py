"""One media stream: the WebSocket over which Twilio carries a call's sound to a server."""

import asyncio
import random
import socket
import struct
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, Literal

import aiohttp

from calls.simulator import audio, stream_messages
from calls.simulator.account import Account, new_sid
from calls.simulator.call_log import CallLog
from calls.simulator.faults import Faults
from calls.simulator.handset import Handset
from calls.simulator.playout import Playout
from calls.simulator.stream_messages import Clear, InvalidMessageError, Mark, Media, ServerMessage
from calls.simulator.stream_socket import (
    BAD_TRACK,
    BROKEN_PIPE,
    CLOSED_BY_SERVER,
    PROTOCOL_ERROR,
    StreamRefusedError,
    open_socket,
)
from calls.simulator.utterances import Utterances
from calls.simulator.verbs import Stream
from calls.simulator.voice import Voice

_TRACKS: Final = {
    "inbound_track": ("inbound",),
    "outbound_track": ("outbound",),
    "both_tracks": ("inbound", "outbound"),
}
# Real timestamps begin between 100 and 170 ms and wander some milliseconds about their place.
_FIRST_TIMESTAMP_MS: Final = (100, 170)
_JITTER_MS: Final = (0, 1, -1, 2, 0, -2, 1, 0, -1)


@dataclass(frozen=True, slots=True)
class StreamEnd:
    """Why a stream ended.

    `how`: stopped by Twilio, closed by the server, lost with its TCP connection, or refused before
    it began. `code` is a WebSocket close code, or Twilio's error number for lost and refused.
    """

    how: Literal["stopped", "closed", "lost", "refused"]
    code: int


@dataclass(frozen=True, slots=True)
class Received:
    """A message of the server; `at_monotonic` is when it came."""

    at_monotonic: float
    message: ServerMessage


class MediaStream:
    """Opens the WebSocket, sends the caller's frames in real time and takes what comes back.

    It begins when it is made, inside a running event loop.
    """

    def __init__(
        self,
        verb: Stream,
        *,
        bidirectional: bool,
        account: Account,
        call_sid: str,
        session: aiohttp.ClientSession,
        faults: Faults,
        log: CallLog,
        notify: Callable[["MediaStream", str, str], None],
        handset: Handset | None = None,
    ) -> None:
        """`notify` is called with the name of each stream event and its error, if any."""
        self.sid = new_sid("MZ")
        self.verb = verb
        self.bidirectional = bidirectional
        self.opened = asyncio.Event()
        self.end: StreamEnd | None = None
        self.received: list[Received] = []
        self.playout = Playout()
        self._utterances = Utterances(self.playout, log, self.sid)
        self._marks: deque[tuple[float, str]] = deque()
        """Marks of what was played, and when each is to be sent back."""
        self.ticks = 0
        """How many times 20 ms have passed; one frame of each track is sent in each."""
        self.worst_lag = 0.0
        """How late a frame was sent at most, in seconds."""
        self.stalled = False
        """While true no frames are sent, though time goes on."""
        self._account = account
        self._session = session
        self._faults = faults
        self._log = log
        self._notify = notify
        self._handset = handset
        self._tracks = _TRACKS[verb.track]
        self._writer = stream_messages.Writer(
            account_sid=account.sid, call_sid=call_sid, stream_sid=self.sid
        )
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._voice = Voice()
        self._arrived = asyncio.Condition()
        self._stopping = asyncio.Event()
        self._warned: set[int] = set()
        self._task = asyncio.create_task(self._run())

    @property
    def name(self) -> str:
        """The stream's name, which is its SID where the document gives none."""
        return self.verb.name or self.sid

    @property
    def live(self) -> bool:
        """Whether frames are flowing."""
        return self.opened.is_set() and self.end is None

    async def ended(self) -> StreamEnd:
        """Wait for the end of the stream."""
        return await asyncio.shield(self._task)

    async def stop(self) -> StreamEnd:
        """End the stream as Twilio does: a stop message, then the close."""
        self.begin_stop()
        return await self.ended()

    def begin_stop(self) -> None:
        """Let the stream end, without waiting for it."""
        self._stopping.set()

    async def speak(self, clip: bytes) -> bool:
        """Send a clip behind what is queued. Returns when its last frame is sent.

        False means that the stream ended before, or carries nothing of the caller.
        """
        if not self.live or "inbound" not in self._tracks:
            return False
        return await self._voice.speak(clip)

    def hear(self, frame: bytes) -> None:
        """Take a frame of a live caller, to be sent in its turn. Never blocks."""
        self._voice.live.put(frame)

    async def press(self, digit: str) -> None:
        """Report a key. Only a bidirectional stream carries keys; one that is ending loses them."""
        if self.bidirectional and self.live:
            # Its socket may be closed already, which whoever reads it is about to learn.
            with suppress(ConnectionError):
                await self.inject(self._writer.dtmf(digit))

    async def inject(self, frame: str | bytes) -> None:
        """Send any frame, well-formed or not."""
        if isinstance(frame, bytes):
            await self._connection().send_bytes(frame)
        else:
            await self._connection().send_str(frame)

    def start_message(self) -> str:
        """Form a start message, such as the one that opens the stream."""
        return self._writer.start(self._tracks, dict(self.verb.parameters))

    def dtmf_message(self, digit: str) -> str:
        """Form the message of a key, for a stream on which Twilio would not send it."""
        return self._writer.dtmf(digit)

    def cut(self) -> None:
        """Break the TCP connection, without a closing handshake."""
        raw: socket.socket | None = self._connection().get_extra_info("socket")
        if raw is None:
            return  # it is broken already
        with suppress(OSError):  # the other side may have broken it already
            # To linger for no time makes the close a reset.
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            raw.shutdown(socket.SHUT_RDWR)

    async def message(self, position: int) -> Received:
        """Give the message the server sent as number `position`, from 0, waiting for it."""
        async with self._arrived:
            await self._arrived.wait_for(lambda: len(self.received) > position)
        return self.received[position]

    def _connection(self) -> aiohttp.ClientWebSocketResponse:
        if self._socket is None:
            raise RuntimeError(f"The stream {self.sid} is not open yet.")
        return self._socket

    async def _run(self) -> StreamEnd:
        error = "the connection broke"
        try:
            await self._open()
            end = await self._live()
        except StreamRefusedError as refusal:
            end, error = StreamEnd("refused", refusal.code), str(refusal)
        except ConnectionError:
            end = StreamEnd("lost", BROKEN_PIPE)
        self.end = end
        self._voice.drop()
        self._report(end, error)
        return end

    def _report(self, end: StreamEnd, error: str) -> None:
        self._log.add("stream-end", sid=self.sid, how=end.how, code=end.code, frames=self.ticks)
        if end.how in {"lost", "refused"}:
            self._log.report(end.code, error)
            self._notify(self, "stream-error", f"{end.code}: {error}")
            return
        if end.how == "closed" and end.code != aiohttp.WSCloseCode.OK:
            self._log.report(CLOSED_BY_SERVER, f"the server closed the stream with code {end.code}")
        self._notify(self, "stream-stopped", "")

    async def _open(self) -> None:
        if self.bidirectional and self.verb.track != "inbound_track":
            raise StreamRefusedError(BAD_TRACK, "a Connect stream carries the inbound track only")
        refusals = self._faults.refused_streams
        if refusals and (code := refusals.popleft()) is not None:
            raise StreamRefusedError(code, "a fault on demand")
        self._socket = await open_socket(
            self.verb.url, account=self._account, session=self._session, log=self._log
        )
        openings = self._faults.stream_openings
        for frame in openings.popleft() if openings else ():
            await self.inject(frame)
        await self.inject(stream_messages.CONNECTED)
        await self.inject(self.start_message())
        self._log.add("stream-start", sid=self.sid, name=self.name)
        self.opened.set()
        self._notify(self, "stream-started", "")

    async def _live(self) -> StreamEnd:
        reader = asyncio.create_task(self._read())
        pacer = asyncio.create_task(self._pace())
        stopping = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait({reader, stopping}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await _end_tasks(pacer, stopping)
            await _end_tasks(reader)
        if not reader.cancelled():
            return reader.result()
        await self.inject(self._writer.stop())
        await self._connection().close()
        return StreamEnd("stopped", aiohttp.WSCloseCode.OK)

    # From the caller to the server

    async def _pace(self) -> None:
        """Send a frame every 20 ms by the clock: what is late is caught up with, nothing drifts."""
        cuts = self._faults.cut_after_frames
        cut_after = cuts.popleft() if cuts else None
        first_ms = random.randint(*_FIRST_TIMESTAMP_MS)
        clock = asyncio.get_running_loop().time
        begin = clock()
        try:
            while self.ticks != cut_after:
                due = begin + (self.ticks + 1) * audio.FRAME_SECONDS
                if (wait := due - clock()) > 0:
                    await asyncio.sleep(wait)
                self.worst_lag = max(self.worst_lag, clock() - due)
                at_ms = first_ms + 20 * self.ticks + _JITTER_MS[self.ticks % len(_JITTER_MS)]
                self.ticks += 1
                if not self.stalled:
                    await self._send_frame(at_ms)
        except ConnectionError:
            return  # the reader knows how the connection ended
        self.cut()

    async def _send_frame(self, at_ms: int) -> None:
        send = self._connection().send_str
        for track in self._tracks:
            # What the caller hears is not simulated as sound: the outbound track is silent.
            inbound = track == "inbound"
            payload = self._voice.next_payload() if inbound else audio.SILENT_PAYLOAD
            await send(self._writer.media(track, at_ms, payload))
        self._voice.sent()
        if self._marks or self.playout.next_due() is not None:
            await self._return_marks()

    async def _return_marks(self) -> None:
        now = time.monotonic()
        for name in self.playout.due(now):
            self._utterances.end(now)
            if not self._faults.lost_marks:
                self._marks.append((now + self._faults.mark_delay, name))
        while self._marks and self._marks[0][0] <= now:
            await self.inject(self._writer.mark(self._marks.popleft()[1]))

    # From the server to the caller

    async def _read(self) -> StreamEnd:
        connection = self._connection()
        while True:
            message = await connection.receive()
            if message.type is aiohttp.WSMsgType.TEXT:
                await self._take(message.data)
            elif message.type is aiohttp.WSMsgType.BINARY:
                self._warn_once(stream_messages.UNDECODABLE, "a binary frame")
            elif message.type is aiohttp.WSMsgType.CLOSE:
                return StreamEnd("closed", message.data)
            else:
                return StreamEnd("lost", BROKEN_PIPE)

    async def _take(self, text: str) -> None:
        if not self.bidirectional:
            self._warn_once(PROTOCOL_ERROR, "a Start stream takes no messages")
            return
        try:
            message = stream_messages.parse(text, self.sid)
        except InvalidMessageError as error:
            self._warn_once(stream_messages.INVALID_MESSAGE, str(error))
            return
        now = time.monotonic()
        match message:
            case Media(clip):
                self._utterances.add(now)
                self.playout.add(clip, now)
                if self._handset is not None:
                    self._handset.hear(clip)
            case Mark(name):
                self.playout.mark(name, now)
            case Clear():
                self._utterances.clear(now)
                self.playout.clear(now)
                if self._handset is not None:
                    self._handset.clear()
        if self._handset is None:  # whose call may last for hours
            self.received.append(Received(now, message))
        async with self._arrived:
            self._arrived.notify_all()
        await self._return_marks()

    def _warn_once(self, code: int, message: str) -> None:
        if code not in self._warned:
            self._warned.add(code)
            self._log.report(code, message)


async def _end_tasks(*tasks: asyncio.Task[Any]) -> None:
    """Cancel tasks and wait for them; what one of them raised on its own is raised here."""
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    for task in tasks:
        if not task.cancelled() and (error := task.exception()) is not None:
            raise error
