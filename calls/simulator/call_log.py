"""What happened in a simulated call, in the order in which it happened."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One event. `at` is `time.monotonic()`; `detail` depends on the kind of event."""

    at: float
    kind: str
    detail: Mapping[str, object]


class CallLog(list[LogEntry]):
    """The events of one call."""

    def __init__(self) -> None:
        super().__init__()
        self._changed = asyncio.Event()

    def add(self, kind: str, **detail: object) -> None:
        """Record that something happens now."""
        self.append(LogEntry(time.monotonic(), kind, detail))
        self._changed.set()

    async def wait(self, *kinds: str, start: int = 0) -> int:
        """Give the position of the first event of these kinds from `start` on, waiting for it."""
        while True:
            for position in range(start, len(self)):
                if self[position].kind in kinds:
                    return position
            start = len(self)
            self._changed.clear()
            await self._changed.wait()

    def report(self, code: int, message: str) -> None:
        """Record what Twilio's debugger would show; `code` is Twilio's error number."""
        self.add("warning", code=code, message=message)

    def of(self, kind: str) -> list[LogEntry]:
        """Give the events of one kind."""
        return [entry for entry in self if entry.kind == kind]

    def warnings(self) -> list[int]:
        """Give the codes of all warnings."""
        return [int(str(entry.detail["code"])) for entry in self.of("warning")]
