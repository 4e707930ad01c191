"""A recognizer that only counts bytes: what is left is the cost of the media path itself."""

import asyncio
from collections.abc import AsyncIterator

from calls.speech.events import RecognitionEvent
from calls.speech.recognizer import RecognitionConfig


class CountingStream:
    """Counts, and hears nothing."""

    def __init__(self) -> None:
        self.bytes = 0
        self._ended = asyncio.Event()

    def write(self, audio: bytes) -> None:
        self.bytes += len(audio)

    def finish(self) -> None:
        self._ended.set()

    async def __aiter__(self) -> AsyncIterator[RecognitionEvent]:
        await self._ended.wait()
        return
        yield  # an iterator that reports nothing

    async def aclose(self) -> None:
        self._ended.set()


class CountingRecognizer:
    """`RECOGNIZER=tests.benchmarks.counting.CountingRecognizer` chooses it."""

    name = "counting"
    max_stream_seconds = None
    is_metered = False
    has_interims = False

    def open(self, config: RecognitionConfig) -> CountingStream:
        return CountingStream()

    async def aclose(self) -> None:
        """Nothing is held."""
