"""What becomes of a Dial: the other side answers or does not, as the test decides."""

import asyncio
from dataclasses import dataclass
from typing import Literal

from calls.simulator.account import new_sid
from calls.simulator.call_log import CallLog
from calls.simulator.verbs import Dial

DialStatus = Literal["completed", "busy", "no-answer", "failed", "canceled"]
"""Twilio's DialCallStatus: twilio.com/docs/voice/twiml/dial#dialcallstatus-values."""


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

    def __init__(self, log: CallLog, pause_scale: float) -> None:
        self.result = DialResult()
        self.dialled: list[Dialled] = []
        self.running: Dial | None = None
        """The verb that is being carried out, or was when the caller went away."""
        self._log = log
        self._pause_scale = pause_scale

    async def dial(self, verb: Dial, caller_id: str) -> dict[str, str]:
        """Call somebody; returns the parameters that Twilio posts to the action when that ends."""
        self.dialled.append(Dialled(verb.numbers, caller_id))
        self._log.add("dial", numbers=verb.numbers, caller_id=caller_id)
        result = self.result
        self.running = verb
        await asyncio.sleep(result.seconds * self._pause_scale)
        self.running = None
        return _params(result.status, result.seconds)

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
