"""A call for tests of the listener: scripted engines, a clock set by hand, all that was emitted."""

import asyncio

import numpy as np
import numpy.typing as npt

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


def hiss(ms: int, level: float = 20) -> bytes:
    """Return so much of the steady noise of a line."""
    return mulaw.from_pcm(_noise(ms, level).astype(np.int16))


def hum(ms: int) -> bytes:
    """Return so much of a loud tone, far deeper than a voice, on a line that hisses."""
    time = np.arange(ms * 8) / 8000
    swell = np.minimum(1, np.minimum(time, ms / 1000 - time) / 0.2)
    tone = 2000 * swell * np.sin(2 * np.pi * 10 * time)
    return mulaw.from_pcm((tone + _noise(ms, 20)).astype(np.int16))


def _noise(ms: int, level: float) -> npt.NDArray[np.float64]:
    return np.random.default_rng(4).normal(0, level, ms * 8)


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
