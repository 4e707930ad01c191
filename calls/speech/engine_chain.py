"""The engines that one call may use, and which of them still deserves it."""

from collections.abc import Sequence

from calls.speech.events import EngineSilent, RecognitionError
from calls.speech.recognizer import Recognizer

RETRY_DELAYS = (0.0, 0.25, 0.5, 1.0, 2.0, 4.0)
"""Seconds before the first, second, … attempt to reopen; after the last the engine is given up."""
SPARE_RETRIES = 2
"""How often an engine is tried again where another one could take over."""
SILENT_RETRIES = 2
"""How often one is tried again that says nothing about a voice: each time takes the caller 5 s."""
SILENT_AGAIN_SECONDS = 10.0
"""Two silences that are further apart than this are about two voices, or noises."""
SLOW_SECONDS = 4.0
"""One whose second failure comes so long after the first has kept the caller waiting enough."""


class EngineChain:
    """Goes from the first choice to the last, never back; counts the failures of the current one.

    A failure counts until `succeeded` says that the engine works.
    """

    def __init__(self, recognizers: Sequence[Recognizer]) -> None:
        """Take the engines, first choice first."""
        self._recognizers = tuple(recognizers)
        self._index = 0
        self._failures = 0
        self._silences = 0
        self._silent_at = 0.0
        self._failing_since = 0.0

    @property
    def current(self) -> Recognizer:
        """The engine to open streams with."""
        return self._recognizers[self._index]

    @property
    def is_last(self) -> bool:
        """Whether no other engine could take over."""
        return self._index == len(self._recognizers) - 1

    def succeeded(self) -> None:
        """Forget the failures of the current engine."""
        self._failures = self._silences = 0

    def retry_delay(self, error: RecognitionError, now: float, hurried: bool) -> float | None:
        """Count a failure; return in how many seconds to try again, None where that is over.

        `hurried` says that the caller is gone: no audio comes that could lead to later attempts.
        """
        if not error.retryable:
            return None
        if not self._failures:
            self._failing_since = now
        self._failures += 1
        if isinstance(error, EngineSilent):
            goes_on = now - self._silent_at <= SILENT_AGAIN_SECONDS
            self._silences = self._silences + 1 if goes_on else 1
            self._silent_at = now
            if self._silences > SILENT_RETRIES:
                return None
        if hurried:
            retries = 1
        elif self.is_last:
            retries = len(RETRY_DELAYS)
        else:
            retries = 1 if now - self._failing_since >= SLOW_SECONDS else SPARE_RETRIES
        return RETRY_DELAYS[self._failures - 1] if self._failures <= retries else None

    def advance(self) -> bool:
        """Go on to the next engine; return False, and begin anew, where all have failed."""
        self._failures = self._silences = 0
        self._index = 0 if self.is_last else self._index + 1
        return self._index > 0
