"""The rehearsals of a bot: what goes as expected, what does not, and which change is to blame."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from reversion.models import Revision

from chatbot.admin.pages import BotPage, Summary, register
from chatbot.history import Change, changes_with
from chatbot.models import Bot, Rehearsal, RehearsalLine
from chatbot.rehearsals import RehearsalCounts, is_red, rehearsals_count, rehearsals_run_all
from chatbot.rehearsing import NOW

PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line, and the change that broke it, where that is known."""

    row: RehearsalLine
    broken_by: Change | None


@dataclass(frozen=True, slots=True)
class ShownRehearsal:
    """A rehearsal with its lines; `is_waiting` where it was not run since the last change."""

    row: Rehearsal
    lines: tuple[ShownLine, ...]
    is_red: bool
    is_waiting: bool


@register
class RehearsalsPage(BotPage):
    """The red ones first; they are run after each change, and whenever somebody asks for it."""

    name = "rehearsals"
    title = "Rehearsals"
    template = "admin/chatbot/bot/rehearsals.html"
    order = 30

    def summary(self, request: HttpRequest, bot: Bot) -> Summary | None:
        counts = rehearsals_count(bot)
        return Summary(in_words(counts), _is_good(counts)) if counts.total else None

    def context(self, request: HttpRequest, bot: Bot) -> dict[str, Any]:
        rehearsals = (
            bot.rehearsals.annotate(is_red=is_red())
            .order_by("-is_red", "name", "pk")
            .prefetch_related(
                Prefetch("lines", RehearsalLine.objects.select_related("broken_by__user"))
            )
        )
        counts = rehearsals_count(bot)
        paginator = Paginator(rehearsals, PAGE_SIZE)
        page = paginator.get_page(request.GET.get("page"))
        return {
            "counts": counts,
            "counts_in_words": in_words(counts),
            "is_good": _is_good(counts),
            "rehearsals": _shown(bot, list(page.object_list)),
            "rehearsals_page": page,
            "page_range": paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1),
            "now": NOW,
            "may_add": request.user.has_perm("chatbot.add_rehearsal"),
            "may_edit": request.user.has_perm("chatbot.change_rehearsal"),
        }

    def post(self, request: HttpRequest, bot: Bot) -> HttpResponse:
        """Run all rehearsals now."""
        rehearsals_run_all(bot)
        counts = rehearsals_count(bot)
        say = messages.error if counts.red else messages.success
        say(request, f"The rehearsals were run: {in_words(counts)}.")
        return HttpResponseRedirect(self.url(bot))


def in_words(counts: RehearsalCounts) -> str:
    """Return how the rehearsals stand, such as “3 of 4 green”."""
    words = f"{counts.green} of {counts.total} green"
    return f"{words}, {counts.waiting} not run" if counts.waiting else words


def _is_good(counts: RehearsalCounts) -> bool | None:
    """Whether all are green; None where some are yet to be run, and the others are."""
    if counts.red:
        return False
    return None if counts.waiting else True


def _shown(bot: Bot, rehearsals: Iterable[Rehearsal]) -> list[ShownRehearsal]:
    """Return the rehearsals with the changes that broke them. The same queries for any number."""
    rehearsals = list(rehearsals)
    revisions: dict[int, Revision] = {}
    for rehearsal in rehearsals:
        for line in rehearsal.lines.all():
            if line.broken_by is not None:
                revisions[line.broken_by.pk] = line.broken_by
    changes = {change.id: change for change in changes_with(bot, revisions.values())}
    shown = []
    for rehearsal in rehearsals:
        lines = tuple(
            ShownLine(line, changes.get(line.broken_by_id or 0)) for line in rehearsal.lines.all()
        )
        shown.append(
            ShownRehearsal(
                rehearsal,
                lines,
                is_red=any(line.row.problem for line in lines),
                is_waiting=rehearsal.ran_version != bot.version,
            )
        )
    return shown
