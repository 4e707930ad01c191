"""What a recognizer hears, in words that belong to no vendor.

Times are milliseconds of audio since the first byte written to the stream
that reports them: mu-law at 8 kHz, so 8 bytes are 1 ms.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SpeechStarted:
    """Somebody began to speak; no word is known yet."""

    at_ms: int


@dataclass(frozen=True, slots=True)
class Interim:
    """A transcript of the running utterance that may still change."""

    text: str


@dataclass(frozen=True, slots=True)
class Final:
    """A transcript that will not change.

    `text` may be empty: speech was heard, and none of it could be made out.
    `confidence` lies in 0..1, or is None where the engine gives none.
    `end_ms` is where the utterance ends; audio behind it is not part of it.
    """

    text: str
    confidence: float | None
    end_ms: int


RecognitionEvent = SpeechStarted | Interim | Final


class RecognitionError(Exception):
    """A recognition stream failed; audio that is not yet final is to be replayed on a new one."""

    retryable = True


class StreamLimitReached(RecognitionError):
    """The engine ended the stream because it was open for too long."""


class AudioStarved(RecognitionError):
    """The engine ended the stream because no audio came for too long."""


class EngineUnavailable(RecognitionError):
    """The engine cannot be reached, or is overloaded or broken at the moment."""


class EngineSilent(RecognitionError):
    """The engine takes audio, and says nothing about the voice in it."""


class EngineRefused(RecognitionError):
    """The engine will not serve us as we are set up: credentials, project, language or model."""

    retryable = False
