"""What Twilio itself speaks and plays to the caller."""

import asyncio
import time
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, Literal

from calls.simulator.call_log import CallLog
from calls.simulator.handset import Handset
from calls.simulator.verbs import Say

Origin = Literal["webhook", "rest"]
"""Where a document came from: an answer to a request, or a REST update."""

_ENDLESS_LOOPS = 1000

SLOWEST_SPEED: Final = 4.0
"""Characters a second of the slowest voice that a live caller may hear."""

BREATH_SECONDS: Final = 5.0
"""How long a voice that he hears may take beside speaking."""


@dataclass(frozen=True, slots=True)
class Said:
    """A text as it begins to be spoken; `at_monotonic` is that moment."""

    text: str
    voice: str
    language: str
    at_monotonic: float
    source: Origin


class Speaker:
    """Speaks one thing at a time; `speed` is in characters per second."""

    def __init__(self, speed: float, log: CallLog, handset: Handset | None = None) -> None:
        self._speed = speed
        self._log = log
        self._handset = handset
        self._said: asyncio.Queue[Said] = asyncio.Queue()
        self._quiet = asyncio.Event()
        self._quiet.set()

    async def say(self, verb: Say, source: Origin) -> None:
        """Speak a text; returns when it has been spoken."""
        loops = verb.loop or _ENDLESS_LOOPS
        seconds = len(verb.text) / self._speed * loops
        self._log.add("say", text=verb.text, seconds=seconds, source=source)
        self._quiet.clear()
        said = Said(verb.text, verb.voice, verb.language, time.monotonic(), source)
        if self._handset is None:
            self._said.put_nowait(said)
            await self.sound(seconds)
        else:
            await self._audibly(_speak(self._handset, said, loops))

    async def sound(self, seconds: float, clip: bytes = b"") -> None:
        """Make a sound of that length, which is heard where `clip` is what it sounds like."""
        if self._handset is None or not clip:
            await self._audibly(asyncio.sleep(seconds))
        else:
            await self._audibly(_play(self._handset, clip, seconds))

    async def _audibly(self, sound: Coroutine[Any, Any, None]) -> None:
        self._quiet.clear()
        try:
            await sound
        except asyncio.CancelledError:
            self._log.add("sound-cut")
            raise
        finally:
            self._quiet.set()

    async def next_said(self) -> Said:
        """Give the next text, as it begins to be spoken."""
        return await self._said.get()

    async def quiet(self) -> None:
        """Wait until nothing is spoken or played; from one verb to the next there is no quiet."""
        while not self._quiet.is_set():
            await self._quiet.wait()


async def _speak(handset: Handset, said: Said, loops: int) -> None:
    """Have a live caller hear a text; a voice that never tells that it is done is not awaited."""
    for _ in range(loops):
        with suppress(TimeoutError):
            async with asyncio.timeout(BREATH_SECONDS + len(said.text) / SLOWEST_SPEED):
                await handset.speak(said)


async def _play(handset: Handset, clip: bytes, seconds: float) -> None:
    handset.hear(clip)
    try:
        await asyncio.sleep(seconds)
    except asyncio.CancelledError:
        handset.clear()
        raise
