"""The rehearsals of a bot: run after every change of it, and told which change broke which line."""

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from asgiref.sync import async_to_sync
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from reversion.models import Revision, Version
from reversion.signals import post_revision_commit

from chatbot import actions, history
from chatbot.answering import ask
from chatbot.loader import load_script
from chatbot.models import Bot, Rehearsal, RehearsalLine
from chatbot.rehearsing import Line, Result, rehearsal_run

SAVING_SECONDS = 5.0
"""How long rehearsals may keep an editor waiting who saves. What is left is run when asked for."""

MAX_NAME_LENGTH = 100
MAX_SAYS_LENGTH = 500

_ask = async_to_sync(ask)


# --- How they stand ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RehearsalCounts:
    """How many rehearsals a bot has, how many are red, and how many are yet to be run.

    Those are to be run that are not red, and were not run since the bot was changed.
    """

    total: int
    red: int
    waiting: int

    @property
    def green(self) -> int:
        """How many go as expected with the bot as it is."""
        return self.total - self.red - self.waiting


def is_red() -> Exists:
    """Whether a line of a rehearsal went otherwise, for use in a query of rehearsals."""
    return Exists(RehearsalLine.objects.filter(rehearsal=OuterRef("pk")).exclude(problem=""))


def rehearsals_count(bot: Bot) -> RehearsalCounts:
    """Count the rehearsals of a bot. One query."""
    was_run = Q(ran_version=bot.version)
    counts = bot.rehearsals.annotate(is_red=is_red()).aggregate(
        total=Count("pk"),
        red=Count("pk", filter=Q(is_red=True)),
        green=Count("pk", filter=Q(is_red=False) & was_run),
    )
    total, red, green = (int(counts[name]) for name in ("total", "red", "green"))
    return RehearsalCounts(total, red, total - red - green)


# --- Running them -----------------------------------------------------------------------------


def rehearsals_run_all(
    bot: Bot,
    revision_id: int | None = None,
    *,
    only: int | None = None,
    seconds: float | None = None,
) -> None:
    """Run the rehearsals of a bot as callers get it now, and keep what came of each line.

    A line that goes otherwise for the first time was broken by the revision, or, without one, by
    the newest that changed the bot since the last run. `only` is the one rehearsal to run. After
    `seconds` no further one is begun. Nothing of it counts as a call, nor changes the bot.
    """
    script = load_script(bot.pk)
    rehearsals = Rehearsal.objects.filter(bot=bot)
    if only is not None:
        rehearsals = rehearsals.filter(pk=only)
    until = None if seconds is None else time.monotonic() + seconds
    results: dict[int, dict[int, Result]] = {}
    for rehearsal_id, lines in _lines(rehearsals).items():
        if until is not None and time.monotonic() > until:
            break
        played = rehearsal_run(script, list(lines.values()), _ask)
        results[rehearsal_id] = dict(zip(lines, played, strict=True))
    _keep(bot, script.version, results, revision_id)


def _lines(rehearsals: QuerySet[Rehearsal]) -> dict[int, dict[int, Line]]:
    """Return the lines of each rehearsal, by their ids, as plain values: there may be thousands."""
    lines: dict[int, dict[int, Line]] = {id: {} for id in rehearsals.values_list("pk", flat=True)}
    rows = RehearsalLine.objects.filter(rehearsal__in=rehearsals).order_by("position", "pk")
    for id, line_id, *fields in rows.values_list(
        "rehearsal_id", "pk", "says", "intent_name", "reply", "action"
    ):
        lines[id][line_id] = Line(*fields)
    return lines


def _keep(
    bot: Bot, version: int, results: dict[int, dict[int, Result]], revision_id: int | None
) -> None:
    """Keep what came of the lines, unless a run of a newer version did so meanwhile."""
    changed: dict[tuple[str, int | None], list[int]] = defaultdict(list)
    with transaction.atomic():
        Bot.objects.select_for_update().get(pk=bot.pk)
        rehearsals = Rehearsal.objects.filter(
            Q(ran_version=None) | Q(ran_version__lte=version), pk__in=results
        )
        culprits = _culprits(bot, rehearsals, version, revision_id)
        rows = RehearsalLine.objects.filter(rehearsal__in=culprits)
        for id, line_id, before, broken_by in rows.values_list(
            "rehearsal_id", "pk", "problem", "broken_by"
        ):
            result = results[id].get(line_id)
            if result is None or result.problem == before:
                continue
            culprit: int | None = broken_by if before else culprits[id]
            changed[result.problem, culprit if result.problem else None].append(line_id)
        for (problem, culprit), ids in changed.items():
            RehearsalLine.objects.filter(pk__in=ids).update(problem=problem, broken_by=culprit)
        rehearsals.update(ran_at=timezone.now(), ran_version=version)


def _culprits(
    bot: Bot, rehearsals: QuerySet[Rehearsal], version: int, revision_id: int | None
) -> dict[int, int | None]:
    """Return for each rehearsal which change broke the lines that are red for the first time.

    None where that is not known: at the first run, or after a change without a revision.
    """
    newest = history.changes_of(bot).first() if revision_id is None else None
    culprits: dict[int, int | None] = {}
    for id, ran_at, ran_version in rehearsals.values_list("pk", "ran_at", "ran_version"):
        culprits[id] = None
        if ran_at is not None and ran_version != version:
            is_newer = newest is not None and newest.date_created > ran_at
            culprits[id] = newest.pk if newest is not None and is_newer else revision_id
    return culprits


def run_after_change(revision: Revision, versions: list[Version], **kwargs: Any) -> None:
    """Run the rehearsals of the bots that a revision changed, as soon as others see the change.

    A fault in it is logged and does not reach the editor, whose change is saved by then: the
    rehearsals are shown as not run since.
    """
    bots = ContentType.objects.get_for_model(Bot)
    for version in versions:
        if version.content_type_id == bots.pk:
            bot_id = int(version.object_id)
            transaction.on_commit(partial(_run_if_any, bot_id, revision.pk), robust=True)


def _run_if_any(bot_id: int, revision_id: int | None) -> None:
    bot = Bot.objects.filter(pk=bot_id, rehearsals__isnull=False).first()
    if bot is not None:
        rehearsals_run_all(bot, revision_id, seconds=SAVING_SECONDS)


def connect() -> None:
    """Connect the receiver; called once, when the app is ready, after that of the history."""
    post_revision_commit.connect(run_after_change, dispatch_uid="chatbot.rehearsals")


# --- Making one of a call ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HeardTurn:
    """One turn of a real call: what the caller said, and what came of it.

    `says` is empty for a silence, `intent_name` where no intent answered. `action` is that of the
    bot's answer.
    """

    says: str
    intent_name: str = ""
    action: str = ""


def rehearsal_from_turns(bot: Bot, name: str, turns: Sequence[HeardTurn]) -> Rehearsal:
    """Make a rehearsal that expects what came of the turns of a call, and run it once.

    A name that is taken gets a number. The words of the answers are not expected: they may
    differ from call to call.
    """
    with transaction.atomic():
        rehearsal = Rehearsal.objects.create(bot=bot, name=_free_name(bot, name))
        RehearsalLine.objects.bulk_create(
            RehearsalLine(
                rehearsal=rehearsal,
                position=position,
                says=turn.says.strip()[:MAX_SAYS_LENGTH],
                intent_name=turn.intent_name,
                action=turn.action if turn.action in actions.ACTIONS else actions.NONE,
            )
            for position, turn in enumerate(turns, start=1)
        )
    rehearsals_run_all(bot, only=rehearsal.pk)
    rehearsal.refresh_from_db()
    return rehearsal


def _free_name(bot: Bot, name: str) -> str:
    taken = set(bot.rehearsals.values_list("name", flat=True))
    base = name.strip()[:MAX_NAME_LENGTH] or "Rehearsal"
    free, number = base, 2
    while free in taken:
        suffix = f" ({number})"
        free, number = f"{base[: MAX_NAME_LENGTH - len(suffix)]}{suffix}", number + 1
    return free
