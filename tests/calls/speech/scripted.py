"""A recognizer without an engine: a test reads what it was given and says what it hears."""

import asyncio
from collections.abc import AsyncIterator

from calls.speech.events import RecognitionEvent
from calls.speech.recognizer import RecognitionConfig


class ScriptedStream:
    """One stream; `report`, `fail` and `end` play the engine."""

    def __init__(self, config: RecognitionConfig) -> None:
        self.config = config
        self.audio = bytearray()
        self.finished = False
        self.closed = asyncio.Event()
        self._told: asyncio.Queue[RecognitionEvent | Exception | None] = asyncio.Queue()

    def report(self, *events: RecognitionEvent) -> None:
        """Let the engine hear something."""
        for event in events:
            self._told.put_nowait(event)

    def fail(self, error: Exception) -> None:
        """Let the stream fail; anything but a RecognitionError plays a defect of the engine."""
        self._told.put_nowait(error)

    def end(self) -> None:
        """Let the engine end the stream in good order."""
        self._told.put_nowait(None)

    def write(self, audio: bytes) -> None:
        """Keep the audio."""
        if not (self.finished or self.closed.is_set()):
            self.audio += audio

    def finish(self) -> None:
        """Note that the caller's side is closed."""
        self.finished = True

    def __aiter__(self) -> AsyncIterator[RecognitionEvent]:
        """Report what the test said."""
        return self

    async def __anext__(self) -> RecognitionEvent:
        """Wait for what the test says next."""
        told = await self._told.get()
        if told is None:
            raise StopAsyncIteration
        if isinstance(told, Exception):
            raise told
        return told

    async def aclose(self) -> None:
        """Note that the stream is dropped."""
        self.closed.set()


class ScriptedRecognizer:
    """Hands out ScriptedStreams and keeps them all in `streams`."""

    def __init__(
        self,
        max_stream_seconds: float | None = None,
        stream_type: type[ScriptedStream] = ScriptedStream,
        *,
        name: str = "scripted",
        is_metered: bool = False,
        has_interims: bool = True,
    ) -> None:
        self.name = name
        self.max_stream_seconds = max_stream_seconds
        self.is_metered = is_metered
        self.has_interims = has_interims
        self.streams: list[ScriptedStream] = []
        self.closed = False
        self._stream_type = stream_type

    @property
    def stream(self) -> ScriptedStream:
        """The stream opened last."""
        return self.streams[-1]

    def open(self, config: RecognitionConfig) -> ScriptedStream:
        """Open a stream that hears nothing by itself."""
        self.streams.append(self._stream_type(config))
        return self.stream

    async def aclose(self) -> None:
        """Note that the engine is released."""
        self.closed = True
