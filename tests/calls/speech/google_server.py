"""A gRPC server that plays Google Speech-to-Text v2, on a loopback port, without TLS.

    async with GoogleServer(steps(Heard(300), Say(final("hello", 280)))) as server:
        GoogleRecognizer("", "global", "telephony", server.endpoint)

A script is an async function which plays one stream; when it returns, the stream ends with OK.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from types import TracebackType
from typing import Any, Self

import grpc
from google.cloud.speech_v2.types import cloud_speech

from tests.waiting import SOON

SILENCE = b"\xff\x7f"
"""The two mu-law codes of silence: positive and negative zero."""
FRAME_BYTES = 160
PAUSE_FRAMES = 10
"""200 ms of silence end an utterance."""
SPEECH_FRAMES = 15
"""300 ms with sound in them make an utterance."""

Response = cloud_speech.StreamingRecognizeResponse


def interim(*parts: str) -> Response:
    """Return a response with an interim transcript in parts which concatenate."""
    return Response(results=[{"alternatives": [{"transcript": part}]} for part in parts])


def final(text: str, end_ms: int, confidence: float = 0.9, then: Sequence[str] = ()) -> Response:
    """Return a response with a final transcript, `then` followed by parts of the next interim."""
    response = interim(text, *then)
    response.results[0].is_final = True
    response.results[0].alternatives[0].confidence = confidence
    response.results[0].result_end_offset = timedelta(milliseconds=end_ms)
    return response


def speech_began(at_ms: int) -> Response:
    """Return the voice activity event that speech has begun."""
    return Response(
        speech_event_type=Response.SpeechEventType.SPEECH_ACTIVITY_BEGIN,
        speech_event_offset=timedelta(milliseconds=at_ms),
    )


@dataclass(eq=False)
class ServedStream:
    """One stream: what the client did, on record, and the means to answer it."""

    number: int
    context: Any
    recognizer: str = ""
    config: cloud_speech.StreamingRecognitionConfig = field(
        default_factory=cloud_speech.StreamingRecognitionConfig
    )
    audio: bytearray = field(default_factory=bytearray)
    message_sizes: list[int] = field(default_factory=list)
    half_closed: bool = False
    cancelled: bool = False
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def heard(self, audio_ms: int) -> None:
        """Wait until so much audio has arrived."""
        async with self._news:
            await self._news.wait_for(lambda: len(self.audio) >= audio_ms * 8)

    async def more_than(self, size: int) -> bool:
        """Wait until more than `size` bytes of audio are there; False if the client half-closed."""
        async with self._news:
            await self._news.wait_for(lambda: len(self.audio) > size or self.half_closed)
        return len(self.audio) > size

    async def finished(self) -> None:
        """Wait until the client half-closes."""
        async with self._news:
            await self._news.wait_for(lambda: self.half_closed)

    async def send(self, response: Response) -> None:
        """Send one response."""
        await self.context.write(response)

    async def abort(self, code: grpc.StatusCode, details: str = "") -> None:
        """End the stream by an error."""
        await self.context.abort(code, details)

    async def receive(self, requests: Any) -> None:
        """Put on record what the client sends until it half-closes."""
        async for request in requests:
            if request.recognizer:
                self.recognizer = request.recognizer
                self.config = request.streaming_config
            async with self._news:
                self.audio += request.audio
                if request.audio:
                    self.message_sizes.append(len(request.audio))
                self._news.notify_all()
        async with self._news:
            self.half_closed = True
            self._news.notify_all()


Script = Callable[[ServedStream], Awaitable[None]]


@dataclass(frozen=True)
class Heard:
    """Step: wait for so much audio."""

    audio_ms: int

    async def __call__(self, stream: ServedStream) -> None:
        await stream.heard(self.audio_ms)


@dataclass(frozen=True)
class HalfClosed:
    """Step: wait until the client half-closes."""

    async def __call__(self, stream: ServedStream) -> None:
        await stream.finished()


@dataclass(frozen=True)
class Say:
    """Step: send a response."""

    response: Response

    async def __call__(self, stream: ServedStream) -> None:
        await stream.send(self.response)


@dataclass(frozen=True)
class Abort:
    """Step: end the stream by an error."""

    code: grpc.StatusCode
    details: str = ""

    async def __call__(self, stream: ServedStream) -> None:
        await stream.abort(self.code, self.details)


@dataclass(frozen=True)
class Hang:
    """Step: say nothing more until the client goes."""

    async def __call__(self, stream: ServedStream) -> None:
        await asyncio.Event().wait()


def steps(*scripts: Script) -> Script:
    """Play scripts, such as the steps above, one after the other on one stream."""

    async def play(stream: ServedStream) -> None:
        for script in scripts:
            await script(stream)

    return play


def in_turn(*scripts: Script) -> Script:
    """Play the first script on the first stream, and so on; the last one on all that follow."""

    async def play(stream: ServedStream) -> None:
        await scripts[min(stream.number, len(scripts) - 1)](stream)

    return play


class _Ears:
    """Script: cut the audio into utterances at pauses of 200 ms and at its end, and answer each."""

    def recognise(self, sound: bytes, frames: int) -> str | None:
        """Return the text of what was heard, "" for nothing, None to wait for the rest of it.

        `sound` has no silence in it; `frames` is how many frames of 20 ms it came from.
        """
        raise NotImplementedError

    async def __call__(self, stream: ServedStream) -> None:
        position = quiet = frames = end = 0
        sound = b""
        while await stream.more_than(position + FRAME_BYTES - 1):
            heard = _sound(stream.audio[position : position + FRAME_BYTES])
            position += FRAME_BYTES
            if heard:
                if not sound:
                    await stream.send(speech_began(position // 8))
                sound += heard
                frames, quiet, end = frames + 1, 0, position // 8
                continue
            quiet += 1
            if quiet == PAUSE_FRAMES and await self._answered(stream, sound, frames, end):
                sound, frames = b"", 0
        await self._answered(stream, sound, frames, end)

    async def _answered(self, stream: ServedStream, sound: bytes, frames: int, end: int) -> bool:
        text = self.recognise(sound, frames) if sound else ""
        if text:
            await stream.send(interim(text))
            await stream.send(final(text, end))
        return text is not None


class Hears(_Ears):
    """Script: whatever is spoken for 300 ms, hear the next of these texts, over all streams."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = list(texts)

    def recognise(self, sound: bytes, frames: int) -> str:
        """Return the next text."""
        return self._texts.pop(0) if self._texts and frames >= SPEECH_FRAMES else ""


class HearsClips(_Ears):
    """Script for many calls at once: recognises known clips of mu-law audio by their very bytes.

    Silence is left out of the comparison, so it may be added around a clip or within it. A clip of
    which one sounding byte is missing, doubled or changed is not heard but counted in `unknown`.
    """

    def __init__(self, texts: dict[bytes, str]) -> None:
        """Take the text of each clip. Raises ValueError if one is silent or begins like another."""
        self._texts = {_sound(clip): text for clip, text in texts.items()}
        clips = sorted(self._texts)
        if len(clips) < len(texts) or any(b.startswith(a) for a, b in pairwise(clips)):
            raise ValueError("two clips begin with the same sound")
        if b"" in self._texts:
            raise ValueError("a clip is silent")
        self.unknown = 0

    def recognise(self, sound: bytes, frames: int) -> str | None:
        """Return the clip's text; wait where a clip has a pause in it."""
        if sound in self._texts:
            return self._texts[sound]
        if any(clip.startswith(sound) for clip in self._texts):
            return None
        self.unknown += 1
        return ""


def _sound(audio: bytes | bytearray) -> bytes:
    return bytes(audio).translate(None, SILENCE)


class GoogleServer:
    """Serves StreamingRecognize by a script and keeps a record of all streams."""

    def __init__(self, script: Script, port: int = 0, max_concurrent_streams: int = 100) -> None:
        """Take the script of every stream, a port (0 for a free one), and HTTP/2's stream limit."""
        self.streams: list[ServedStream] = []
        self._script = script
        self._port = port
        self._options = (
            ("grpc.max_concurrent_streams", max_concurrent_streams),
            ("grpc.so_reuseport", 0),
            # As Google does, bear a client's keepalive pings through a long silence.
            ("grpc.http2.min_recv_ping_interval_without_data_ms", 10_000),
        )
        self._opened = asyncio.Condition()

    @property
    def address(self) -> str:
        """host:port, for a client in this or another process."""
        return f"127.0.0.1:{self._port}"

    @property
    def endpoint(self) -> str:
        """The address as GoogleRecognizer takes it."""
        return f"http://{self.address}"

    async def opened(self, number: int) -> ServedStream:
        """Wait until so many streams were opened; return the last of them. Raises TimeoutError."""
        async with asyncio.timeout(SOON), self._opened:
            await self._opened.wait_for(lambda: len(self.streams) >= number)
        return self.streams[number - 1]

    async def __aenter__(self) -> Self:
        self._server = grpc.aio.server(options=self._options)
        method = grpc.stream_stream_rpc_method_handler(
            self._serve,
            request_deserializer=cloud_speech.StreamingRecognizeRequest.deserialize,
            response_serializer=Response.serialize,
        )
        self._server.add_generic_rpc_handlers(
            [
                grpc.method_handlers_generic_handler(
                    "google.cloud.speech.v2.Speech", {"StreamingRecognize": method}
                )
            ]
        )
        self._port = self._server.add_insecure_port(self.address)
        await self._server.start()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._server.stop(None)

    async def _serve(self, requests: Any, context: Any) -> None:
        stream = ServedStream(len(self.streams), context)
        async with self._opened:
            self.streams.append(stream)
            self._opened.notify_all()
        receiving = asyncio.create_task(stream.receive(requests))
        try:
            await self._script(stream)
        except asyncio.CancelledError:
            stream.cancelled = True
            raise
        finally:
            receiving.cancel()
            stream.ended.set()
