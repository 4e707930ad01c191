"""One recognition stream of a call, and where it stands in the call's audio."""

import logging
from collections.abc import AsyncIterator, Callable

from calls.speech.call_audio import BYTES_PER_MS
from calls.speech.events import EngineUnavailable, RecognitionError, RecognitionEvent
from calls.speech.recognizer import RecognitionConfig, RecognitionStream, Recognizer
from calls.speech.watchdog import Watchdog

logger = logging.getLogger(__name__)

QUIET_AGE = 0.8
SPEAKING_AGE = 0.97
"""Parts of the engine's limit at which a stream is replaced, in silence and while speech runs."""


class Ear:
    """An open stream; positions are bytes of the whole call's audio, times are seconds."""

    def __init__(
        self, recognizer: Recognizer, stream: RecognitionStream, origin: int, watchdog: Watchdog
    ) -> None:
        """Take the stream's engine, the stream, and the position of the first audio it hears."""
        self.recognizer = recognizer
        self.stream = stream
        self.origin = origin
        self.watchdog = watchdog
        self.opened_at = watchdog.answered_at
        self.speech_from: int | None = None
        """Where the running utterance began, None while the engine hears none."""
        self.is_woken = False
        """Whether a sound had it opened, after a silence."""
        self.is_wanted = False
        """Whether the caller is expected to speak again, since no more audio comes to it."""
        self.finished_at: float | None = None
        """When the stream was told that no more audio comes."""
        self.quiet_from = origin
        """Where the latest sound ended when it was told so."""

    def age(self, now: float) -> float:
        """Return for how many seconds the stream has been open."""
        return now - self.opened_at

    def is_old(self, now: float) -> bool:
        """Whether it is time to replace the stream: in silence soon, while somebody speaks late."""
        limit = self.recognizer.max_stream_seconds
        part = QUIET_AGE if self.speech_from is None else SPEAKING_AGE
        return limit is not None and self.age(now) >= limit * part

    def position(self, ms: int) -> int:
        """Return where a time of the stream lies in the call."""
        return self.origin + ms * BYTES_PER_MS

    def finish(self, quiet_from: int, now: float) -> None:
        """Have the engine report what it still knows, and end the stream."""
        self.stream.finish()
        self.finished_at = now
        self.quiet_from = quiet_from

    async def read(self, report: Callable[[RecognitionEvent], bool]) -> RecognitionError | None:
        """Report the events of the stream while `report` returns True; return why it failed."""
        try:
            async for event in self.stream:
                if not report(event):
                    return None
        except RecognitionError as error:
            return error
        except Exception as error:
            # A defect of an engine must not leave the call deaf.
            logger.exception("the %s engine broke", self.recognizer.name)
            return EngineUnavailable(
                f"the {self.recognizer.name} engine broke: {type(error).__name__}"
            )
        if self.finished_at is not None:
            return None
        return EngineUnavailable(
            f"the {self.recognizer.name} engine ended the stream without a result"
        )


class _BrokenStream:
    """Stands for a stream that could not be opened: it fails, as one that was."""

    def __init__(self, reason: str) -> None:
        self._reason = reason

    def write(self, audio: bytes) -> None:
        """Nobody hears it."""

    def finish(self) -> None:
        """Nothing was heard."""

    async def __aiter__(self) -> AsyncIterator[RecognitionEvent]:
        raise EngineUnavailable(self._reason)
        yield  # makes it an iterator

    async def aclose(self) -> None:
        """Nothing is held."""


def open_stream(recognizer: Recognizer, config: RecognitionConfig) -> RecognitionStream:
    """Open a stream; a defect of the engine becomes a stream that fails."""
    try:
        return recognizer.open(config)
    except Exception as error:
        logger.exception("the %s engine opens no stream", recognizer.name)
        return _BrokenStream(
            f"the {recognizer.name} engine opens no stream: {type(error).__name__}"
        )
