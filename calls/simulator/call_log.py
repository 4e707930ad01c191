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
        self._waiting: list[tuple[str, asyncio.Future[LogEntry]]] = []

    def add(self, kind: str, **detail: object) -> None:
        """Record that something happens now."""
        entry = LogEntry(time.monotonic(), kind, detail)
        self.append(entry)
        for awaited, future in self._waiting:
            if awaited == kind and not future.done():
                future.set_result(entry)
        self._waiting = [waiter for waiter in self._waiting if not waiter[1].done()]

    async def wait(self, kind: str) -> LogEntry:
        """Give the first event of a kind, waiting for it where there is none."""
        for entry in self.of(kind):
            return entry
        future: asyncio.Future[LogEntry] = asyncio.get_running_loop().create_future()
        self._waiting.append((kind, future))
        return await future

    def report(self, code: int, message: str) -> None:
        """Record what Twilio's debugger would show; `code` is Twilio's error number."""
        self.add("warning", code=code, message=message)

    def of(self, kind: str) -> list[LogEntry]:
        """Give the events of one kind."""
        return [entry for entry in self if entry.kind == kind]

    def warnings(self) -> list[int]:
        """Give the codes of all warnings."""
        return [int(str(entry.detail["code"])) for entry in self.of("warning")]
