"""A recognizer for tests that cannot be had: every stream is refused as soon as it is opened."""

from collections.abc import AsyncIterator

from calls.speech.events import EngineRefused, RecognitionEvent
from calls.speech.recognizer import RecognitionConfig


class RefusedStream:
    """Fails when it is listened to."""

    def write(self, audio: bytes) -> None:
        """Nobody hears it."""

    def finish(self) -> None:
        """Nothing was heard."""

    async def __aiter__(self) -> AsyncIterator[RecognitionEvent]:
        raise EngineRefused("the account is closed")
        yield  # makes it an iterator

    async def aclose(self) -> None:
        """Nothing is held."""


class RefusingRecognizer:
    """The engine; `RECOGNIZER=tests.calls.speech.refusing.RefusingRecognizer` chooses it."""

    name = "refusing"
    max_stream_seconds = None
    is_metered = False
    has_interims = False

    def open(self, config: RecognitionConfig) -> RefusedStream:
        return RefusedStream()

    async def aclose(self) -> None:
        """Nothing is held."""
