"""How often a bot answered early, how much sooner that was, and how often it was wrong."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Avg, Count, Q

from calls.models import Turn


@dataclass(frozen=True, slots=True)
class EarlyAnswers:
    """What became of early answers; `gained_ms` is on average, None where it is not known."""

    count: int
    corrected: int
    gained_ms: int | None


def early_answers(bot_id: int, since: datetime) -> EarlyAnswers:
    """Count the early answers of a bot. One query."""
    found = Turn.objects.filter(call__bot_id=bot_id, is_early=True, at__gte=since).aggregate(
        count=Count("pk"), corrected=Count("pk", filter=~Q(early_text="")), gained=Avg("gained_ms")
    )
    gained = found["gained"]
    return EarlyAnswers(
        found["count"], found["corrected"], None if gained is None else round(gained)
    )
