"""The interface of a speech-to-text engine, and all that a call knows of one."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

from calls.speech.events import RecognitionEvent


@dataclass(frozen=True, slots=True)
class RecognitionConfig:
    """What one recognition stream is told before it hears anything.

    `language` is a BCP-47 tag. `hints` are the phrases to expect, most likely first.
    `pronunciations` are (word, phones) pairs for engines that work from a dictionary.
    `model` is one of the engine's models, for engines that have several; blank is its own choice.
    `expects` is the kind of value that is likely to come, a key of `chatbot.values.KINDS`, or
    blank.
    """

    language: str
    hints: tuple[str, ...] = ()
    pronunciations: tuple[tuple[str, str], ...] = ()
    model: str = ""
    expects: str = ""


class RecognitionStream(Protocol):
    """One stream of audio, in one direction, and what is heard in it, in the other."""

    def write(self, audio: bytes) -> None:
        """Hand over mu-law 8 kHz audio of any length. Never blocks.

        Ignored after `finish` or `aclose`.
        """

    def finish(self) -> None:
        """Say that no more audio comes.

        What was heard may still be reported; then the iteration ends.
        """

    def __aiter__(self) -> AsyncIterator[RecognitionEvent]:
        """Report events in their order, once. Raises a RecognitionError where the stream fails."""

    async def aclose(self) -> None:
        """Drop the stream. May be called twice.

        When this returns, its tasks and connections are gone.
        """


class Recognizer(Protocol):
    """An engine; one object serves all calls of a process."""

    name: str
    max_stream_seconds: float | None
    """How long one stream may last, or None where the engine sets no limit."""
    is_metered: bool
    """Whether a second of audio costs money: then it is sent none of a long silence."""
    has_interims: bool
    """Whether it reports again and again while somebody speaks, not only the begin and the end."""

    def open(self, config: RecognitionConfig) -> RecognitionStream:
        """Open a stream at once, inside a running event loop.

        What goes wrong is raised by the stream's iteration.
        """

    async def aclose(self) -> None:
        """Release what the engine holds: connections, processes."""
