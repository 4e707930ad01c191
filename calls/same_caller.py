"""The other calls of a caller, by his number."""

import re
from dataclasses import dataclass

from django.db.models import Q

from calls.models import Call

FEWEST_DIGITS = 8
"""“anonymous” and the like are the numbers of many callers."""

MOST_COUNTED = 100


@dataclass(frozen=True, slots=True)
class SameCaller:
    """The calls of one number: how many, this one with them, and those before and after it.

    `count` is MOST_COUNTED at the most; `is_cut` where there are more.
    """

    count: int
    is_cut: bool
    previous: Call | None
    next: Call | None


def same_caller(call: Call) -> SameCaller | None:
    """Return the other calls of the caller, None where the number tells nobody. Three queries."""
    if len(re.sub(r"\D", "", call.from_number)) < FEWEST_DIGITS:
        return None
    calls = Call.objects.filter(from_number=call.from_number)
    count = calls.order_by()[: MOST_COUNTED + 1].count()
    before = Q(started_at__lt=call.started_at) | Q(started_at=call.started_at, pk__lt=call.pk)
    after = Q(started_at__gt=call.started_at) | Q(started_at=call.started_at, pk__gt=call.pk)
    return SameCaller(
        min(count, MOST_COUNTED),
        count > MOST_COUNTED,
        previous=calls.filter(before).order_by("-started_at", "-pk").first(),
        next=calls.filter(after).order_by("started_at", "pk").first(),
    )
