"""A call for tests of the listener: scripted engines, a clock set by hand, all that was emitted."""

import asyncio

from calls.speech import mulaw
from calls.speech.events import EngineUnavailable, Final, Interim, SpeechStarted
from calls.speech.listener import Listener, ListenerEvent
from calls.speech.recognizer import RecognitionConfig
from tests.calls.speech.offline.recordings import buzz
from tests.calls.speech.scripted import ScriptedRecognizer

FIRST = RecognitionConfig("en-US", hints=("yes", "no"))
SECOND = RecognitionConfig("en-US", hints=("monday",))
DOWN = EngineUnavailable("down")
PIECE_BYTES = 800


def audio(ms: int, code: int = 0xFF) -> bytes:
    """Return so much audio of one code; 0xFF is silence."""
    return bytes([code]) * (ms * 8)


def voice(ms: int) -> bytes:
    """Return so much of a sound that passes for a voice."""
    return mulaw.from_pcm(buzz(ms / 1000))


class Call:
    """A listener with scripted engines, first choice first."""

    def __init__(self, *engines: ScriptedRecognizer) -> None:
        self.engine, *self.others = engines
        self.now = 1000.0
        self.events: list[ListenerEvent] = []
        self.listener = Listener(engines, self.events.append, clock=lambda: self.now)

    async def settle(self) -> None:
        """Let the tasks do all that they can do."""
        for _ in range(10):
            await asyncio.sleep(0)

    async def report(self, *events: SpeechStarted | Interim | Final) -> None:
        """Let the newest stream report events."""
        self.engine.stream.report(*events)
        await self.settle()

    async def fail(self, error: Exception = DOWN) -> None:
        """Let the newest stream fail."""
        self.engine.stream.fail(error)
        await self.settle()

    def pass_time(self, seconds: float) -> None:
        """Let time go by, in silence."""
        self.now += seconds
        self.listener.hear(audio(20))

    async def say(self, sound: bytes) -> None:
        """Let the caller's audio arrive as in a live call: in pieces of 100 ms, in real time."""
        for start in range(0, len(sound), PIECE_BYTES):
            piece = sound[start : start + PIECE_BYTES]
            self.now += len(piece) / 8000
            self.listener.hear(piece)
            await self.settle()

    async def quiet(self, seconds: float) -> None:
        """Let nothing sound on the line for so long."""
        await self.say(audio(round(seconds * 1000)))
