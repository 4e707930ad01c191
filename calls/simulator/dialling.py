"""What becomes of a Dial: the other side answers or does not, as the test or the caller decides."""

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Literal

from calls.simulator.account import new_sid
from calls.simulator.call_log import CallLog
from calls.simulator.handset import Handset
from calls.simulator.verbs import Dial

DialStatus = Literal["completed", "busy", "no-answer", "failed", "canceled"]
"""Twilio's DialCallStatus: twilio.com/docs/voice/twiml/dial#dialcallstatus-values."""


MAX_TALK_SECONDS: Final = 300.0
"""How long a live caller talks to whoever has answered, unless somebody hangs up before."""


@dataclass(frozen=True, slots=True)
class DialResult:
    """How a Dial ends: its DialCallStatus, and after how many seconds.

    With `completed` somebody answers at once, and the two talk for so long.
    """

    status: DialStatus = "completed"
    seconds: float = 1.0


@dataclass(frozen=True, slots=True)
class Dialled:
    """A Dial that was begun: whom it calls, all at once, and the number it shows them."""

    numbers: tuple[str, ...]
    caller_id: str


class Dialler:
    """Carries out the Dial verbs of one call; `result` says how they end."""

    def __init__(self, log: CallLog, pause_scale: float, handset: Handset | None = None) -> None:
        self.result = DialResult()
        self.dialled: list[Dialled] = []
        self.running: Dial | None = None
        """The verb that is being carried out, or was when the caller went away."""
        self._log = log
        self._pause_scale = pause_scale
        self._handset = handset

    async def dial(self, verb: Dial, caller_id: str) -> dict[str, str]:
        """Call somebody; returns the parameters that Twilio posts to the action when that ends."""
        dialled = Dialled(verb.numbers, caller_id)
        self.dialled.append(dialled)
        self._log.add("dial", numbers=verb.numbers, caller_id=caller_id)
        self.running = verb
        if self._handset is None:
            await asyncio.sleep(self.result.seconds * self._pause_scale)
        else:
            await self._live(self._handset, dialled, verb.timeout)
        self.running = None
        return _params(self.result.status, self.result.seconds)

    async def _live(self, handset: Handset, dialled: Dialled, ring_seconds: float) -> None:
        """Let the caller decide how those who are called react, and talk to who answers."""
        # Until somebody answers, a caller who hangs up leaves the other side ringing.
        self.result = DialResult("no-answer", 0)
        try:
            async with asyncio.timeout(ring_seconds * self._pause_scale):
                status = await handset.ring(dialled)
        except TimeoutError:
            return
        self.result = DialResult(status, 0)
        if status == "completed":
            answered_at = time.monotonic()
            with suppress(TimeoutError):
                async with asyncio.timeout(MAX_TALK_SECONDS):
                    await handset.talk()
            self.result = DialResult(status, time.monotonic() - answered_at)

    def give_up(self) -> dict[str, str]:
        """Let go of a Dial whose caller has hung up; returns what is posted to the action."""
        self.running = None
        # Who was talking has been connected; who was still waiting leaves the other side ringing.
        return _params("completed" if self.result.status == "completed" else "canceled", 0)


def _params(status: DialStatus, seconds: float) -> dict[str, str]:
    is_connected = status == "completed"
    params = {
        "DialCallStatus": status,
        "DialCallSid": new_sid("CA"),
        "DialBridged": str(is_connected).lower(),
    }
    return params | {"DialCallDuration": str(round(seconds))} if is_connected else params
