"""When a business answers its calls. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time


@dataclass(frozen=True, slots=True)
class OpenFrom:
    """One stretch of a week day, Monday being 0, in local time.

    `closes` at 00:00 is midnight at the end of the day.
    """

    weekday: int
    opens: time
    closes: time

    def holds(self, local: datetime) -> bool:
        moment = local.time()
        is_before_end = self.closes == time.min or moment < self.closes
        return local.weekday() == self.weekday and self.opens <= moment and is_before_end


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """The week of a business, and the days on which it is closed all the same.

    A business without hours is always open, but for its closed days.
    """

    week: tuple[OpenFrom, ...] = ()
    closed_days: frozenset[date] = frozenset()

    def is_open(self, local: datetime) -> bool:
        """Whether calls are answered at a moment of the business's own clock."""
        if local.date() in self.closed_days:
            return False
        return not self.week or any(stretch.holds(local) for stretch in self.week)


ALWAYS_OPEN = OpeningHours()
