"""The renders that a process has at hand. Pure."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime


@dataclass(slots=True)
class Remembered:
    """A render in memory. `rendered_at` is None where it is in no database.

    `checked_at`, by the monotonic clock, is when it was last compared with the database.
    """

    audio: bytes
    rendered_at: datetime | None
    checked_at: float


class Memory:
    """As many renders as fit into so many bytes; those not heard for longest go first."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._renders: OrderedDict[str, Remembered] = OrderedDict()

    def get(self, key: str) -> Remembered | None:
        """Return a render that is about to be heard."""
        render = self._renders.get(key)
        if render is not None:
            self._renders.move_to_end(key)
        return render

    def put(self, key: str, render: Remembered) -> None:
        """Keep a render, in the place of what was kept under its key."""
        self.drop(key)
        if len(render.audio) > self._max_bytes:
            return
        self._renders[key] = render
        self._bytes += len(render.audio)
        while self._bytes > self._max_bytes:
            _, oldest = self._renders.popitem(last=False)
            self._bytes -= len(oldest.audio)

    def drop(self, key: str) -> None:
        """Forget a render, where it is there."""
        render = self._renders.pop(key, None)
        if render is not None:
            self._bytes -= len(render.audio)
