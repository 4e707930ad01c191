"""Line `stream`: the caller hears audio of our own, sent over the media socket of the call."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

from calls.twilio.media_stream import clear_message, mark_message, media_message
from calls.voice.synthesizer import SynthesisError, SynthesizerUnavailable
from calls.voice.whole_audio import WholeAudio

logger = logging.getLogger(__name__)

BYTES_PER_SECOND = 8000
"""Mu-law at 8 kHz."""

PIECE_SECONDS = 0.06
"""How much audio one message carries: three of Twilio's own frames."""

LEAD_SECONDS = 0.18
"""How far what is sent may be ahead of what the caller hears.

Twilio takes any amount, but what is on its way cannot be called back: a caller who interrupts
would hear it out.
"""

MARK_SECONDS = 2.0
"""How much longer than the audio itself its mark may take to come back."""

_PIECE_BYTES = round(PIECE_SECONDS * BYTES_PER_SECOND)


@dataclass(frozen=True, slots=True)
class Played:
    """How much of some audio there was, and how much of it was heard; `is_whole` tells: all.

    `is_lost` tells that it ended with the stream.
    """

    audio_ms: int
    heard_ms: int
    is_whole: bool
    is_lost: bool = False


class StreamLine:
    """The way to one caller's ear. One thing is played at a time, and others wait for its end.

    `send` sends a text frame. Times are `time.monotonic()`.
    """

    def __init__(self, stream_sid: str, send: Callable[[str], Awaitable[None]]) -> None:
        self._stream_sid = stream_sid
        self._send = send
        self._turn = asyncio.Lock()
        self._playing: _Playing | None = None
        self._count = 0
        self._is_lost = False

    async def play(self, audio: AsyncIterator[bytes], began: Callable[[float], None]) -> Played:
        """Play audio, mu-law 8 kHz, to its end or to `cut`; call `began` once it is on its way.

        Raises what the iteration raises; what was sent of it before is not heard to its end.
        """
        async with self._turn:
            if self._is_lost:
                return Played(0, 0, is_whole=False, is_lost=True)
            return await self._play_alone(audio, began)

    async def _play_alone(
        self, audio: AsyncIterator[bytes], began: Callable[[float], None]
    ) -> Played:
        self._count += 1
        playing = self._playing = _Playing(f"played-{self._count}")
        feeding: asyncio.Task[None] | None = None
        if isinstance(audio, WholeAudio):
            # At once: the caller waits, and each turn of the event loop costs him milliseconds
            # where many calls are held.
            playing.fill(audio.take())
        else:
            feeding = asyncio.create_task(playing.feed(audio))
        try:
            return await self._play(playing, began)
        except SynthesisError:
            await self._send(clear_message(self._stream_sid))
            raise
        finally:
            self._playing = None
            if feeding is not None:
                feeding.cancel()
                await asyncio.gather(feeding, return_exceptions=True)

    async def cut(self) -> None:
        """Stop what is played, wherever it is; `play` then returns."""
        if self._playing is not None and self._playing.cut():
            await self._send(clear_message(self._stream_sid))

    def lose(self) -> None:
        """Take note that the socket is gone: what is played stops, and nothing is played after."""
        self._is_lost = True
        if self._playing is not None and self._playing.cut():
            self._playing.is_lost = True

    def marked(self, name: str) -> None:
        """Take a mark that came back. After `cut` all do, and tell nothing.

        One that comes before it was sent is none of ours.
        """
        playing = self._playing
        if playing is not None and playing.is_marked and name == playing.mark:
            playing.settled.set()

    async def _play(self, playing: "_Playing", began: Callable[[float], None]) -> Played:
        sent, ends_at = 0, 0.0
        while (piece := await playing.next_piece()) and not playing.is_cut:
            await playing.settles_within(ends_at - time.monotonic() - LEAD_SECONDS + PIECE_SECONDS)
            if playing.is_cut:
                break
            await self._send(media_message(self._stream_sid, piece))
            now = time.monotonic()
            if not sent:
                began(now)
            sent += len(piece)
            # Where the synthesizer is slower than the ear, the rest is heard that much later.
            ends_at = max(ends_at, now) + len(piece) / BYTES_PER_SECOND
        is_all_sent = not playing.is_cut
        if is_all_sent:
            playing.is_marked = True
            await self._send(mark_message(self._stream_sid, playing.mark))
            await playing.settles_within(ends_at - time.monotonic() + MARK_SECONDS)
        audio_ms = round(1000 * sent / BYTES_PER_SECOND)
        unheard = max(0.0, ends_at - time.monotonic()) if playing.is_cut else 0.0
        # Cut while only the mark was still awaited, it may have been heard to its end all the same.
        is_whole = is_all_sent and not unheard
        heard_ms = max(0, audio_ms - round(1000 * unheard))
        return Played(audio_ms, heard_ms, is_whole, playing.is_lost)


class _Playing:
    """One audio on its way; `mark` is the name of the mark behind it."""

    def __init__(self, mark: str) -> None:
        self.mark = mark
        self.is_cut = False
        self.is_lost = False
        self.is_marked = False
        """Whether the mark was sent."""
        self.settled = asyncio.Event()
        """Set when the mark has come back, and when what is played was cut short."""
        self._pieces: asyncio.Queue[bytes | SynthesisError] = asyncio.Queue()

    def cut(self) -> bool:
        """Stop it; return whether it was running."""
        if self.is_cut:
            return False
        self.is_cut = True
        self.settled.set()
        self._pieces.put_nowait(b"")  # wakes up who waits for more
        return True

    def fill(self, audio: bytes) -> None:
        """Cut audio that is there as a whole into pieces of the line."""
        for start in range(0, len(audio), _PIECE_BYTES):
            self._pieces.put_nowait(audio[start : start + _PIECE_BYTES])
        self._pieces.put_nowait(b"")

    async def feed(self, audio: AsyncIterator[bytes]) -> None:
        """Cut audio that comes in pieces of any length into those of the line."""
        held = bytearray()
        try:
            async for more in audio:
                held += more
                while len(held) >= _PIECE_BYTES:
                    self._pieces.put_nowait(bytes(held[:_PIECE_BYTES]))
                    del held[:_PIECE_BYTES]
        except SynthesisError as error:
            self._pieces.put_nowait(error)
            return
        except Exception as error:
            # A defect of an engine must not leave the caller in silence.
            logger.exception("A synthesizer broke")
            broke = SynthesizerUnavailable(f"the synthesizer broke: {type(error).__name__}")
            self._pieces.put_nowait(broke)
            return
        if held:
            self._pieces.put_nowait(bytes(held))
        self._pieces.put_nowait(b"")

    async def next_piece(self) -> bytes:
        """Return what is to be sent next, or nothing at the end. Raises SynthesisError."""
        piece = await self._pieces.get()
        if isinstance(piece, SynthesisError):
            raise piece
        return piece

    async def settles_within(self, seconds: float) -> None:
        """Wait, at most for so long, until it was heard or cut short."""
        if seconds <= 0:
            return
        try:
            async with asyncio.timeout(seconds):
                await self.settled.wait()
        except TimeoutError:
            return
