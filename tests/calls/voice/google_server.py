"""A gRPC server that plays Google Text-to-Speech v1, on a loopback port, without TLS.

    async with GoogleServer(answers(wav(b"..."))) as server:
        GoogleSynthesizer("global", server.endpoint)

A script is an async generator function: it is given what was asked, and yields the audio of the
answer, once for the whole and as often as it likes for a stream. `Abort` ends the call otherwise.
"""

import asyncio
import struct
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import grpc
from google.cloud.texttospeech_v1.types import cloud_tts

from tests.waiting import SOON

SERVICE = "google.cloud.texttospeech.v1.TextToSpeech"


def wav(audio: bytes, *before: tuple[bytes, bytes], length: int | None = None) -> bytes:
    """Return mu-law audio behind a header, with chunks of these names and contents before it."""
    chunks = [(b"fmt ", struct.pack("<HHIIHHH", 7, 1, 8000, 8000, 1, 8, 0)), *before]
    header = b"".join(
        name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)
        for name, content in chunks
    )
    size = len(audio) if length is None else length
    return (
        b"RIFF"
        + struct.pack("<I", 0)
        + b"WAVE"
        + header
        + b"data"
        + struct.pack("<I", size)
        + audio
    )


@dataclass(eq=False)
class Asked:
    """One call: what was asked, on record, and how it ended."""

    number: int
    method: str
    text: str = ""
    markup: str = ""
    voice: str = ""
    language: str = ""
    speed: float = 0.0
    encoding: str = ""
    rate: int = 0
    cancelled: bool = False
    ended: asyncio.Event = field(default_factory=asyncio.Event)


class Abort(Exception):
    """Ends a call by a status."""

    def __init__(self, code: grpc.StatusCode, details: str = "") -> None:
        super().__init__(code, details)
        self.code = code
        self.details = details


Script = Callable[[Asked], AsyncIterator[bytes]]


def answers(*audio: bytes | Abort) -> Script:
    """Give the same to all calls: to a stream in parts, to who wants the whole as one."""

    async def play(asked: Asked) -> AsyncIterator[bytes]:
        for part in audio:
            if isinstance(part, Abort):
                raise part
            yield part

    return play


def in_turn(*scripts: Script) -> Script:
    """Play the first script to the first call, and so on; the last one to all that follow."""

    def play(asked: Asked) -> AsyncIterator[bytes]:
        return scripts[min(asked.number, len(scripts) - 1)](asked)

    return play


async def hang(asked: Asked) -> AsyncIterator[bytes]:
    """Give nothing until the client goes."""
    await asyncio.Event().wait()
    yield b""


class GoogleServer:
    """Serves SynthesizeSpeech and StreamingSynthesize by a script; keeps a record of all calls."""

    def __init__(self, script: Script, port: int = 0) -> None:
        self.calls: list[Asked] = []
        self._script = script
        self._port = port
        self._came = asyncio.Condition()

    @property
    def endpoint(self) -> str:
        """The address as GoogleSynthesizer takes it."""
        return f"http://127.0.0.1:{self._port}"

    async def came(self, number: int) -> Asked:
        """Wait until so many calls have come; return the last of them. Raises TimeoutError."""
        async with asyncio.timeout(SOON), self._came:
            await self._came.wait_for(lambda: len(self.calls) >= number)
        return self.calls[number - 1]

    async def __aenter__(self) -> Self:
        self._server = grpc.aio.server(options=(("grpc.so_reuseport", 0),))
        handlers = {
            "SynthesizeSpeech": grpc.unary_unary_rpc_method_handler(
                self._whole,
                request_deserializer=cloud_tts.SynthesizeSpeechRequest.deserialize,
                response_serializer=cloud_tts.SynthesizeSpeechResponse.serialize,
            ),
            "StreamingSynthesize": grpc.stream_stream_rpc_method_handler(
                self._stream,
                request_deserializer=cloud_tts.StreamingSynthesizeRequest.deserialize,
                response_serializer=cloud_tts.StreamingSynthesizeResponse.serialize,
            ),
        }
        self._server.add_generic_rpc_handlers(
            [grpc.method_handlers_generic_handler(SERVICE, handlers)]
        )
        self._port = self._server.add_insecure_port(f"127.0.0.1:{self._port}")
        await self._server.start()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._server.stop(None)

    async def _whole(self, request: Any, context: Any) -> Any:
        asked = Asked(
            len(self.calls),
            "whole",
            text=request.input.text,
            markup=request.input.ssml,
            speed=request.audio_config.speaking_rate,
            encoding=request.audio_config.audio_encoding.name,
            rate=request.audio_config.sample_rate_hertz,
        )
        audio = b"".join([part async for part in self._answer(asked, request.voice, context)])
        return cloud_tts.SynthesizeSpeechResponse(audio_content=audio)

    async def _stream(self, requests: Any, context: Any) -> AsyncIterator[Any]:
        asked = Asked(len(self.calls), "stream")
        opening = (await anext(requests)).streaming_config
        asked.speed = opening.streaming_audio_config.speaking_rate
        asked.encoding = opening.streaming_audio_config.audio_encoding.name
        asked.rate = opening.streaming_audio_config.sample_rate_hertz
        asked.text = "".join([request.input.text async for request in requests])
        async for part in self._answer(asked, opening.voice, context):
            yield cloud_tts.StreamingSynthesizeResponse(audio_content=part)

    async def _answer(self, asked: Asked, voice: Any, context: Any) -> AsyncIterator[bytes]:
        asked.voice, asked.language = voice.name, voice.language_code
        async with self._came:
            self.calls.append(asked)
            self._came.notify_all()
        try:
            async for part in self._script(asked):
                yield part
        except Abort as abort:
            await context.abort(abort.code, abort.details)
        except (asyncio.CancelledError, GeneratorExit):
            asked.cancelled = True
            raise
        finally:
            asked.ended.set()
