"""What a listener tells of a call beside what is heard: how its streams and engines fare."""

from dataclasses import dataclass

from calls.speech.events import Final, Interim, RecognitionError, SpeechStarted


@dataclass(frozen=True, slots=True)
class Reopened:
    """A stream failed and a new one took over, with `replayed_ms` of audio heard again."""

    reason: str
    replayed_ms: int


@dataclass(frozen=True, slots=True)
class Rotated:
    """A stream came near the engine's time limit and a new one took over."""

    age_seconds: float
    replayed_ms: int


@dataclass(frozen=True, slots=True)
class EngineChanged:
    """An engine failed for good and the next one, `engine`, took over for the rest of the call."""

    engine: str
    reason: str
    replayed_ms: int


@dataclass(frozen=True, slots=True)
class Slept:
    """All was quiet for a while: the stream ended `after_seconds`, and none is open until a sound
    comes, or the caller is asked anew."""

    after_seconds: float


@dataclass(frozen=True, slots=True)
class Woke:
    """A sound ended the silence: a stream was opened, beginning `replayed_ms` ago, before it."""

    replayed_ms: int


@dataclass(frozen=True, slots=True)
class GaveUp:
    """No engine can hear the turn; the listener is idle until the next `listen`."""

    error: RecognitionError


ListenerEvent = (
    SpeechStarted | Interim | Final | Reopened | Rotated | EngineChanged | Slept | Woke | GaveUp
)
