"""How much a page may send."""

from dataclasses import dataclass


@dataclass(slots=True)
class Pace:
    """Lets so many things through in a second, and `burst` at once; pure: the time is told."""

    per_second: float
    burst: float
    _left: float = -1.0
    _at: float = 0.0

    def allows(self, now: float) -> bool:
        """Count one more, at this moment of a monotonic clock; False where it is one too many."""
        if self._left < 0:
            self._left = self.burst
        else:
            self._left = min(self.burst, self._left + (now - self._at) * self.per_second)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True
