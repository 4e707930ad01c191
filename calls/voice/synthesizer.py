"""The interface of a text-to-speech engine, and all that a call knows of one."""

from collections.abc import AsyncIterator
from typing import Protocol

from calls.voice.wording import Wording


class SynthesisError(Exception):
    """A text could not be spoken; the message says why, and nothing of the text."""

    retryable = True


class SynthesizerUnavailable(SynthesisError):
    """The engine cannot be reached, or is overloaded or broken at the moment."""


class SynthesizerRefused(SynthesisError):
    """The engine will not speak this, or not for us: credentials, voice, language or text."""

    retryable = False


class Synthesizer(Protocol):
    """An engine; one object serves all calls of a process."""

    name: str
    """Of the engine, and of its version where another would sound otherwise."""

    def speak(self, wording: Wording) -> AsyncIterator[bytes]:
        """Yield mu-law 8 kHz audio without a header, in pieces of any length, as it comes.

        Raises a SynthesisError, also in the middle; each engine has a deadline of its own.
        """

    async def aclose(self) -> None:
        """Release what the engine holds: connections, processes."""
