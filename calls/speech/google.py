"""Google Cloud Speech-to-Text v2 as a speech-to-text engine.

Importing this module takes over a second; import it only where this engine is chosen.
https://cloud.google.com/speech-to-text/v2/docs/streaming-recognize
"""

import asyncio
from collections.abc import AsyncIterator
from functools import lru_cache
from typing import Any, cast

import grpc
from google.cloud.speech_v2.services.speech.transports import SpeechGrpcAsyncIOTransport
from google.cloud.speech_v2.types import cloud_speech

from calls.speech.events import EngineRefused, EngineUnavailable, RecognitionEvent
from calls.speech.google_channels import GoogleChannels, GoogleService
from calls.speech.google_faults import fault
from calls.speech.google_messages import (
    MAX_AUDIO_BYTES,
    audio_request,
    events_in,
    opening_request,
)
from calls.speech.google_status import FirstStatus
from calls.speech.recognizer import RecognitionConfig

MAX_UNSENT_BYTES = 60 * 8000
"""One minute: a replay hands over up to half of it at once, and more arrives while connecting."""
CONNECT_SECONDS = 5.0
CALL_SECONDS = 305.0
"""A deadline behind Google's own limit of 5 minutes, so that no call can hang for ever."""

SpeechChannels = GoogleChannels[SpeechGrpcAsyncIOTransport]
SPEECH_TO_TEXT = GoogleService(
    name="speech",
    transport=SpeechGrpcAsyncIOTransport,
    refused=EngineRefused,
    unavailable=EngineUnavailable,
)


class GoogleRecognizer:
    """Opens recognition streams at Google; its connections are shared by all of them."""

    name = "google"
    max_stream_seconds: float | None = 300.0
    is_metered = True
    has_interims = True

    def __init__(self, project: str, location: str, model: str, endpoint: str = "") -> None:
        """Take the Google Cloud project, e.g. location "us" and model "telephony".

        `endpoint` is empty for Google's own, found with the application default credentials, or
        "http://host:port" for a plaintext server, which needs neither credentials nor project.
        Raises ValueError where these cannot be right.
        """
        if not project and not endpoint:
            raise ValueError("no Google Cloud project: set GOOGLE_CLOUD_PROJECT")
        if not location or not model:
            raise ValueError("set GOOGLE_SPEECH_LOCATION and GOOGLE_SPEECH_MODEL, both")
        resource = f"projects/{project or 'local'}/locations/{location}/recognizers/_"
        self._channels = GoogleChannels(SPEECH_TO_TEXT, location, endpoint)

        # Calls share their hints, and thousands of phrases take milliseconds to build.
        @lru_cache(maxsize=128)
        def opening(config: RecognitionConfig) -> cloud_speech.StreamingRecognizeRequest:
            return opening_request(resource, model, config)

        self._opening = opening

    def open(self, config: RecognitionConfig) -> "GoogleStream":
        """Open a stream at once, inside a running event loop."""
        return GoogleStream(self._channels, self._opening(config))

    async def aclose(self) -> None:
        """Close the connections. Streams that are still open fail, new ones are refused."""
        await self._channels.aclose()


class GoogleStream:
    """One StreamingRecognize call, run by a task of its own; iteration only reads a queue."""

    def __init__(
        self, channels: SpeechChannels, opening: cloud_speech.StreamingRecognizeRequest
    ) -> None:
        self._channels = channels
        self._opening = opening
        self._unsent = bytearray()
        self._more_to_send = asyncio.Event()
        self._finished = False
        self._sent_bytes = 0
        self._overflow: EngineUnavailable | None = None
        self._status = FirstStatus()
        self._events: asyncio.Queue[RecognitionEvent | None] = asyncio.Queue()
        self._task = asyncio.create_task(self._run(), name="google-speech")
        self._task.add_done_callback(lambda _: self._events.put_nowait(None))

    def write(self, audio: bytes) -> None:
        """Queue audio to be sent. A stream a minute behind fails; no audio is ever skipped."""
        if self._finished or self._task.done():
            return
        self._unsent += audio
        self._more_to_send.set()
        if len(self._unsent) > MAX_UNSENT_BYTES:
            self._finished = True
            self._overflow = EngineUnavailable(
                "Google Speech-to-Text cannot keep up: "
                f"{len(self._unsent) // 8000} s of audio wait to be sent"
            )
            self._task.cancel()

    def finish(self) -> None:
        """Half-close the call once all audio is sent."""
        self._finished = True
        self._more_to_send.set()

    def __aiter__(self) -> AsyncIterator[RecognitionEvent]:
        """Report what Google hears, then raise a RecognitionError if it ended by a failure."""
        return self

    async def __anext__(self) -> RecognitionEvent:
        """Wait for the next event."""
        if (event := await self._events.get()) is not None:
            return event
        self._events.put_nowait(None)
        if self._overflow:
            raise self._overflow
        if not self._task.cancelled():
            self._task.result()
        raise StopAsyncIteration

    async def aclose(self) -> None:
        """Cancel the call and wait until its tasks have ended."""
        self._finished = True
        self._task.cancel()
        await asyncio.wait({self._task})
        if not self._task.cancelled():
            # Marks a failure that nobody iterated over as seen, lest asyncio reports it as lost.
            self._task.exception()

    async def _run(self) -> None:
        try:
            async with self._channels.lease() as transport:
                # Not by SpeechAsyncClient: it hands the call over only when that is connected,
                # so a caller who hangs up earlier would leave it behind, uncancelled.
                call = cast(Any, transport.streaming_recognize)(timeout=CALL_SECONDS)
                self._status.watch(call)
                await self._converse(call)
        except grpc.aio.AioRpcError as error:
            code, details = self._status.of(error)
            if code is not grpc.StatusCode.OK:
                raise fault(code, details) from error
        except asyncio.CancelledError:
            # grpc raises this too where it is the server that answers CANCELLED.
            if self._task.cancelling():
                raise
            raise fault(grpc.StatusCode.CANCELLED, "the call was cancelled") from None

    async def _converse(self, call: grpc.aio.StreamStreamCall) -> None:
        sender = asyncio.create_task(self._send(call), name="google-speech-send")
        try:
            await self._connect(call)
            # By iteration, not call.read(): that skips unread responses once a write has failed.
            async for response in call:
                for event in events_in(response, self._sent_bytes // 8):
                    self._events.put_nowait(event)
        finally:
            call.cancel()
            sender.cancel()
            await asyncio.wait({sender})

    async def _connect(self, call: grpc.aio.StreamStreamCall) -> None:
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                await call.wait_for_connection()
        except TimeoutError:
            raise EngineUnavailable(
                f"no connection to {self._channels.address} within {CONNECT_SECONDS:g} s"
            ) from None

    async def _send(self, call: grpc.aio.StreamStreamCall) -> None:
        try:
            await call.write(self._opening)
            while audio := await self._next_audio():
                await call.write(audio_request(audio))
                self._sent_bytes += len(audio)
            await call.done_writing()
        except (grpc.aio.AioRpcError, asyncio.InvalidStateError):
            # The call has ended; the receiving side learns the same and reports why.
            return

    async def _next_audio(self) -> bytes:
        """Wait for audio; return as much of it as one message holds, or b"" after `finish`."""
        while not self._unsent and not self._finished:
            self._more_to_send.clear()
            await self._more_to_send.wait()
        audio = bytes(self._unsent[:MAX_AUDIO_BYTES])
        del self._unsent[:MAX_AUDIO_BYTES]
        return audio
