"""What the caller of one call is saying, word by word, for those who watch it.

It is on no record, and is sent only while somebody watches: whoever does says so every few seconds.
"""

import asyncio
import time

from calls.live import changes

INTERIM = "live.interim"

WATCHED_SECONDS = 15.0
"""How long a call counts as watched of which somebody said that he watches it."""

LEAST_SECONDS = 0.15
"""How often an interim is sent at the most: nobody reads faster."""


class Interims:
    """The interims of one call. `heard` takes them; neither it nor `watched` blocks."""

    def __init__(self, call_id: int) -> None:
        self._call_id = call_id
        self._watched_until = 0.0
        self._text = ""
        self._at = 0.0
        self._sent_at = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._sending: set[asyncio.Task[None]] = set()

    def watched(self) -> None:
        """Take note that somebody watches the call."""
        self._watched_until = time.monotonic() + WATCHED_SECONDS

    def heard(self, text: str) -> None:
        """Take what the running turn sounds like so far; empty: it began, with no word yet."""
        now = time.monotonic()
        if now >= self._watched_until:
            return
        if self._timer is not None and not text:
            return  # it is told already, maybe with words
        self._text, self._at = text, time.time()
        if self._timer is None:
            wait = max(0.0, self._sent_at + LEAST_SECONDS - now)
            self._timer = asyncio.get_running_loop().call_later(wait, self._send)

    async def aclose(self) -> None:
        """Send nothing more: the caller is not kept waiting for a channel layer that is slow."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        for task in self._sending:
            task.cancel()
        if self._sending:
            await asyncio.wait(self._sending)

    def _send(self) -> None:
        self._timer = None
        self._sent_at = time.monotonic()
        message = {
            "type": INTERIM,
            "call_id": self._call_id,
            "text": self._text,
            "at": self._at,
        }
        task = asyncio.get_running_loop().create_task(changes.send(message))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)
