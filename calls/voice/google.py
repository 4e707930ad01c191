"""Google Cloud Text-to-Speech v1 as a text-to-speech engine.

Importing this module takes over a second; import it only where this engine is chosen.
https://cloud.google.com/text-to-speech/docs/create-audio-text-streaming
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable
from contextlib import aclosing
from typing import Any, TypeVar, cast

import grpc
from google.cloud.texttospeech_v1.services.text_to_speech.transports import (
    TextToSpeechGrpcAsyncIOTransport,
)
from google.cloud.texttospeech_v1.types import cloud_tts

from calls.speech.google_channels import GoogleChannels, GoogleService
from calls.speech.google_status import FirstStatus
from calls.voice.google_faults import fault
from calls.voice.google_messages import (
    MAX_CHARACTERS,
    is_streamed,
    opening_request,
    text_request,
    whole_request,
)
from calls.voice.sentences import pieces
from calls.voice.synthesizer import SynthesizerRefused, SynthesizerUnavailable
from calls.voice.wav import HeaderRemover, WavError, without_header
from calls.voice.wording import Wording
from chatbot import ssml
from chatbot.ssml_tree import write

logger = logging.getLogger(__name__)

T = TypeVar("T")

ANSWER_SECONDS = 8.0
"""How long Google may take for the whole audio, or the next piece of a stream: a caller waits."""
STREAM_SECONDS = 300.0
"""A deadline for a whole stream, which lasts as long as whoever listens takes its audio."""
LEAST_CHARACTERS = 200
"""A shorter text is spoken in one request: its melody is better for it."""
ATTEMPTS = 2

TEXT_TO_SPEECH = GoogleService(
    name="texttospeech",
    transport=TextToSpeechGrpcAsyncIOTransport,
    refused=SynthesizerRefused,
    unavailable=SynthesizerUnavailable,
)


class GoogleSynthesizer:
    """Speaks with Google's voices; its connections are shared by all calls."""

    name = "google"

    def __init__(self, location: str = "global", endpoint: str = "") -> None:
        """Take the location, such as "eu" for voices that are to be heard there alone.

        `endpoint` is empty for Google's own, found with the application default credentials, or
        "http://host:port" for a plaintext server, which needs none. Raises ValueError where these
        cannot be right.
        """
        if not location:
            raise ValueError("set GOOGLE_TTS_LOCATION, to “global” if in doubt")
        self._channels = GoogleChannels(TEXT_TO_SPEECH, location, endpoint)

    async def speak(self, wording: Wording) -> AsyncIterator[bytes]:
        """Yield mu-law 8 kHz audio as it comes. Raises a SynthesisError."""
        markup = ssml.tree(wording.text)
        if markup is not None:
            # Streams take no markup.
            said = cloud_tts.SynthesisInput(ssml=write(markup))
            yield await self._whole(wording, said)
            return
        for piece in pieces(ssml.plain(wording.text), LEAST_CHARACTERS, MAX_CHARACTERS):
            if is_streamed(wording):
                async with aclosing(self._stream(wording, piece)) as audio:
                    async for part in audio:
                        yield part
            else:
                yield await self._whole(wording, cloud_tts.SynthesisInput(text=piece))

    async def aclose(self) -> None:
        """Close the connections; what is being spoken fails."""
        await self._channels.aclose()

    async def _whole(self, wording: Wording, said: cloud_tts.SynthesisInput) -> bytes:
        request = whole_request(wording, said)
        for attempt in range(1, ATTEMPTS + 1):
            try:
                async with self._channels.lease() as transport:
                    # Not by the client: its own retries hide outages for minutes.
                    call = cast(Any, transport.synthesize_speech)(request, timeout=ANSWER_SECONDS)
                    answer = await _unless_cancelled_there(call)
                return without_header(answer.audio_content)
            except grpc.aio.AioRpcError as error:
                if attempt == ATTEMPTS or error.code() is not grpc.StatusCode.UNAVAILABLE:
                    raise fault(error.code(), error.details() or "") from error
                logger.warning("Google Text-to-Speech is unavailable; trying once more")
            except WavError as error:
                raise SynthesizerRefused(f"Google Text-to-Speech: {error}") from error
        raise AssertionError("the last attempt returns or raises")

    async def _stream(self, wording: Wording, text: str) -> AsyncGenerator[bytes, None]:
        for attempt in range(1, ATTEMPTS + 1):
            status = FirstStatus()
            is_heard = False
            try:
                async with aclosing(self._parts(wording, text, status)) as parts:
                    async for part in parts:
                        is_heard = True
                        yield part
            except grpc.aio.AioRpcError as error:
                code, details = status.of(error)
                if code is grpc.StatusCode.OK:
                    return
                may_retry = code is grpc.StatusCode.UNAVAILABLE and not is_heard
                if attempt == ATTEMPTS or not may_retry:
                    raise fault(code, details) from error
                logger.warning("Google Text-to-Speech is unavailable; trying once more")
            except WavError as error:
                raise SynthesizerRefused(f"Google Text-to-Speech: {error}") from error
            else:
                return

    async def _parts(
        self, wording: Wording, text: str, status: FirstStatus
    ) -> AsyncGenerator[bytes, None]:
        opening = opening_request(wording)
        header = HeaderRemover()
        async with self._channels.lease() as transport:
            call = cast(Any, transport.streaming_synthesize)(timeout=STREAM_SECONDS)
            status.watch(call)
            try:
                await _in_time(_send(call, opening, text_request(text)))
                # By iteration, not call.read(): that skips unread answers once a write has failed.
                answers = aiter(call)
                while (answer := await _in_time(anext(answers, None))) is not None:
                    if audio := header.feed(answer.audio_content):
                        yield audio
            finally:
                call.cancel()
        if audio := header.finish():
            yield audio


async def _send(call: grpc.aio.StreamStreamCall, *requests: object) -> None:
    try:
        for request in requests:
            await call.write(request)
        await call.done_writing()
    except (grpc.aio.AioRpcError, asyncio.InvalidStateError):
        # The call has ended; reading from it tells why.
        return


async def _in_time(answer: Awaitable[T]) -> T:
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            return await _unless_cancelled_there(answer)
    except TimeoutError:
        raise SynthesizerUnavailable(
            f"Google Text-to-Speech: no audio within {ANSWER_SECONDS:g} s"
        ) from None


async def _unless_cancelled_there(answer: Awaitable[T]) -> T:
    """Tell a call that the server cancels from a caller who is gone: grpc raises the same."""
    task = asyncio.current_task()
    try:
        return await answer
    except asyncio.CancelledError:
        if task is None or task.cancelling():
            raise
        raise fault(grpc.StatusCode.CANCELLED, "the call was cancelled") from None
