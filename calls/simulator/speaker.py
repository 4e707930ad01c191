"""What Twilio itself speaks and plays to the caller."""

import asyncio
import time
from dataclasses import dataclass
from typing import Literal

from calls.simulator.call_log import CallLog
from calls.simulator.verbs import Say

Origin = Literal["webhook", "rest"]
"""Where a document came from: an answer to a request, or a REST update."""

_ENDLESS_LOOPS = 1000


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

    def __init__(self, speed: float, log: CallLog) -> None:
        self._speed = speed
        self._log = log
        self._said: asyncio.Queue[Said] = asyncio.Queue()
        self._quiet = asyncio.Event()
        self._quiet.set()

    async def say(self, verb: Say, source: Origin) -> None:
        """Speak a text; returns when it has been spoken."""
        seconds = len(verb.text) / self._speed * (verb.loop or _ENDLESS_LOOPS)
        self._log.add("say", text=verb.text, seconds=seconds, source=source)
        self._quiet.clear()
        said = Said(verb.text, verb.voice, verb.language, time.monotonic(), source)
        self._said.put_nowait(said)
        await self.sound(seconds)

    async def sound(self, seconds: float) -> None:
        """Make a sound of that length."""
        self._quiet.clear()
        try:
            await asyncio.sleep(seconds)
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
