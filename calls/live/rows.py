"""The running calls, one row for each, read for those who watch them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.db.models import F
from django.template.loader import render_to_string
from django.utils import timezone

from calls.caller_numbers import HIDDEN, without_number
from calls.live.feed import Item
from calls.live.viewers import Viewer
from calls.live.wording import running_seconds, standing
from calls.models import Call, Turn

MOST_ROWS = 200
"""How many calls are shown, those first that have run longest; all are counted."""

MOST_CHARACTERS = 200
"""How much is shown of what was said last."""


@dataclass(frozen=True, slots=True)
class Row:
    """A running call as the list shows it."""

    call: Call
    caller: str
    standing: str
    last: Turn | None
    words: str
    at: datetime

    @property
    def id(self) -> str:
        """The id of its element on the page."""
        return id_of(self.call.pk)

    @property
    def key(self) -> str:
        """A text by which the rows are in the order in which the calls began."""
        return f"{self.call.started_at.timestamp():017.6f}-{self.call.pk:010}"

    @property
    def is_wordless(self) -> bool:
        """Whether what came last was meant to be done without a word, such as a transfer."""
        return self.last is not None and not self.words and bool(self.last.action)

    @property
    def seconds(self) -> int:
        """For how long the call has been running."""
        return running_seconds(self.call, self.at)

    @property
    def length(self) -> timedelta:
        """The same as a duration."""
        return timedelta(seconds=self.seconds)


def id_of(call_id: int) -> str:
    """Return the id of the row of a call."""
    return f"call-{call_id}"


def rows_read(*, sees_numbers: bool, among: Collection[int] | None = None) -> list[Row]:
    """Return the calls that run, of those with the ids in `among`; None: of all. Two queries."""
    running = Call.objects.filter(ended_at=None).select_related("bot").order_by("started_at", "pk")
    if among is not None:
        running = running.filter(pk__in=among)
    calls = list(running[:MOST_ROWS])
    spoken: Mapping[int, Turn] = {
        turn.call_id: turn
        for turn in Turn.objects.filter(
            call__in=[call.pk for call in calls], number=F("call__turn_count")
        )
    }
    now = timezone.now()
    return [_row(call, spoken.get(call.pk), sees_numbers, now) for call in calls]


def count_read() -> int:
    """Return how many calls run."""
    return Call.objects.filter(ended_at=None).count()


def count_words(count: int) -> str:
    """Return how many calls run, as a sentence."""
    calls = "1 call is running" if count == 1 else f"{count or 'No'} calls are running"
    more = f"; the {MOST_ROWS} that began first are shown" if count > MOST_ROWS else ""
    return f"{calls}{more}."


def item_of(row: Row, viewer: Viewer) -> Item:
    """Return a row as what is shown."""
    version = (row.key, row.caller, row.standing, row.words, str(row.call.bot), _turn_id(row))
    return Item(row.id, version, partial(_html, row, viewer))


def _row(call: Call, last: Turn | None, sees_numbers: bool, now: datetime) -> Row:
    words = "" if last is None else last.plain_text
    if not sees_numbers:
        words = without_number(words, call.from_number)
    if len(words) > MOST_CHARACTERS:
        words = f"{words[:MOST_CHARACTERS].rstrip()}…"
    caller = call.from_number or "unknown" if sees_numbers else HIDDEN
    return Row(call, caller, standing(call, last), last, words, now)


def _turn_id(row: Row) -> int | None:
    return None if row.last is None else row.last.pk


def _html(row: Row, viewer: Viewer) -> str:
    context = {"row": row, "perms": viewer.perms}
    return render_to_string("admin/calls/call/now_row.html", context).strip()
