"""The clock by which the caller hears what a server sends on a stream."""

from collections import deque
from dataclasses import dataclass, field

from calls.simulator import audio


@dataclass(slots=True)
class Playout:
    """Plays what is queued, in order and in real time; pure: the time is told to it.

    Times are seconds of one monotonic clock.
    """

    ends_at: float = 0.0
    """When the caller has heard all that is queued."""
    _heard_seconds: float = 0.0
    _queued_seconds: float = 0.0
    _marks: deque[tuple[float, str]] = field(default_factory=deque)

    def add(self, clip: bytes, now: float) -> None:
        """Queue sound behind what is queued already."""
        self._settle(now)
        length = audio.seconds(clip)
        self.ends_at = max(self.ends_at, now) + length
        self._queued_seconds += length

    def mark(self, name: str, now: float) -> None:
        """Queue a mark; it is due when all sound before it has been played."""
        self._marks.append((max(self.ends_at, now), name))

    def clear(self, now: float) -> None:
        """Drop what has not been played; all marks are due at once."""
        self._settle(now)
        self.ends_at = now
        self._queued_seconds = 0.0
        self._marks = deque((now, name) for _, name in self._marks)

    def next_due(self) -> float | None:
        """When the next mark is due, or None where no mark waits."""
        return self._marks[0][0] if self._marks else None

    def due(self, now: float) -> list[str]:
        """Take the marks that are due, in their order."""
        names = []
        while self._marks and self._marks[0][0] <= now:
            names.append(self._marks.popleft()[1])
        return names

    def seconds_left(self, now: float) -> float:
        """How long the caller still hears what is queued."""
        return max(0.0, self.ends_at - now)

    def heard(self, now: float) -> float:
        """How many seconds of sound were played, in full or until they were cleared."""
        self._settle(now)
        return self._heard_seconds

    def _settle(self, now: float) -> None:
        unplayed = max(0.0, self.ends_at - now)
        self._heard_seconds += max(0.0, self._queued_seconds - unplayed)
        self._queued_seconds = min(self._queued_seconds, unplayed)
