"""The changes of a bot and of its intents, as the editor reads them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Model, OuterRef, QuerySet, Subquery
from reversion.models import Revision, Version

from chatbot.history.differences import sentences
from chatbot.history.recording import OUTSIDE
from chatbot.history.snapshots import DATABASE, Key, Snapshot, content_types, recorded
from chatbot.history.tracked import ROWS
from chatbot.models import Bot

FIRST_RECORDED = "first recorded"


@dataclass(frozen=True, slots=True)
class Part:
    """What one change did to the bot's own fields, or to one intent.

    `before` and `after` name the versions that `revert` takes: None where there is none, or where
    it would lead to what is there already.
    """

    model: type[Model]
    id: int
    name: str
    event: str
    """“added”, “changed”, “deleted”, or FIRST_RECORDED where it was there before the record."""
    sentences: tuple[str, ...]
    before: int | None
    after: int | None

    @property
    def is_bot(self) -> bool:
        """Whether it is about the bot's own fields and rows."""
        return self.model is Bot


@dataclass(frozen=True, slots=True)
class Change:
    """One change: when, by whom, and what it did. `who` is empty where nobody is known."""

    id: int
    at: datetime
    who: str
    comment: str
    parts: tuple[Part, ...]

    @property
    def is_outside(self) -> bool:
        """Whether it was made by a shell or a command, and found later."""
        return self.comment == OUTSIDE

    @property
    def is_beginning(self) -> bool:
        """Whether it only records how things were before the first change on record."""
        return self.is_outside and all(part.event == FIRST_RECORDED for part in self.parts)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A version of a bot or an intent, and the revision that holds the one before it."""

    key: Key
    version: int
    revision: int
    previous_version: int | None
    previous_revision: int | None


def changes_of(bot: Bot) -> QuerySet[Revision]:
    """Return the revisions that changed a bot or its intents, newest first; see `changes_with`."""
    versions = Version.objects.get_for_object_reference(Bot, bot.pk, model_db=DATABASE)
    revisions: QuerySet[Revision] = Revision.objects.filter(
        pk__in=versions.order_by().values("revision")
    )
    return revisions.select_related("user").order_by("-pk")


def change_page_of(bot: Bot, revision_id: int, page_size: int) -> int:
    """Return on which page of the history a change stands, counted from 1."""
    return changes_of(bot).filter(pk__gt=revision_id).count() // page_size + 1


def changes_with(bot: Bot, revisions: Iterable[Revision]) -> list[Change]:
    """Return what these revisions did to the bot, in their order. Half a dozen queries for all."""
    revisions = list(revisions)
    entries = _entries(revisions)
    wanted = {entry.revision for entry in entries}
    wanted |= {entry.previous_revision for entry in entries if entry.previous_revision is not None}
    snapshots = recorded(wanted)
    newest = _newest({entry.key for entry in entries})
    names = _Names(snapshots)
    by_revision: dict[int, list[_Entry]] = defaultdict(list)
    for entry in entries:
        by_revision[entry.revision].append(entry)
    return [
        Change(
            id=revision.pk,
            at=revision.date_created,
            who=_who(revision),
            comment=revision.comment,
            parts=tuple(
                part
                for entry in by_revision[revision.pk]
                if (part := _part(bot, revision, entry, snapshots, newest, names)) is not None
            ),
        )
        for revision in revisions
    ]


def _who(revision: Revision) -> str:
    user = revision.user
    return (user.get_full_name() or user.get_username()) if user is not None else ""


def _entries(revisions: Sequence[Revision]) -> list[_Entry]:
    """Find the bots and intents of these revisions. One query."""
    models = {id: model for id, model in content_types().items() if model in ROWS}
    older = Version.objects.filter(
        db=DATABASE,
        content_type=OuterRef("content_type"),
        object_id=OuterRef("object_id"),
        revision__lt=OuterRef("revision"),
    ).order_by("-revision_id")
    rows = (
        Version.objects.filter(
            db=DATABASE, content_type__in=models, revision__in=[row.pk for row in revisions]
        )
        .annotate(
            previous_version=Subquery(older.values("pk")[:1]),
            previous_revision=Subquery(older.values("revision")[:1]),
        )
        .order_by("content_type", "pk")
        .values_list(
            "content_type",
            "object_id",
            "pk",
            "revision",
            "previous_version",
            "previous_revision",
        )
    )
    entries = [_Entry((models[type], int(id)), *others) for type, id, *others in rows]
    return sorted(entries, key=lambda entry: entry.key[0] is not Bot)


def _newest(keys: set[Key]) -> set[int]:
    """Return the newest versions of these bots and intents."""
    newest: set[int] = set()
    for model in ROWS:
        ids = [str(id) for of, id in keys if of is model]
        if ids:
            versions = Version.objects.get_for_model(model, model_db=DATABASE)
            groups = versions.filter(object_id__in=ids).order_by().values("object_id")
            newest.update(groups.annotate(newest=Max("pk")).values_list("newest", flat=True))
    return newest


def _part(
    bot: Bot,
    revision: Revision,
    entry: _Entry,
    snapshots: dict[int, dict[Key, Snapshot]],
    newest: set[int],
    names: "_Names",
) -> Part | None:
    """Return what a revision did to one bot or intent; None where that is nothing, or not ours."""
    after = snapshots[entry.revision][entry.key]
    before = None
    if entry.previous_revision is not None:
        before = snapshots[entry.previous_revision][entry.key]
        if before.owner is None:
            before = None  # it was deleted, and is brought back
    owners = {snapshot.bot_id for snapshot in (before, after) if snapshot is not None}
    if bot.pk not in owners or before == after:
        return None
    event = "changed"
    if after.owner is None:
        event = "deleted"
    elif before is None:
        event = FIRST_RECORDED if revision.comment == OUTSIDE else "added"
    words = sentences(before, after, names) if before and after.owner is not None else []
    is_revertible = after.bot_id in {None, bot.pk}
    return Part(
        model=entry.key[0],
        id=entry.key[1],
        name=after.name,
        event=event,
        sentences=tuple(words),
        before=entry.previous_version if before is not None and is_revertible else None,
        after=(
            entry.version
            if after.owner is not None and entry.version not in newest and is_revertible
            else None
        ),
    )


class _Names:
    """The names of bots and intents by their id: as they are now, or as they were last known."""

    def __init__(self, snapshots: dict[int, dict[Key, Snapshot]]) -> None:
        self._recorded: dict[Key, str] = {}
        for revision in sorted(snapshots):
            for key, snapshot in snapshots[revision].items():
                self._recorded[key] = snapshot.name
        self._now: dict[type[Model], dict[int, str]] = {}

    def __call__(self, model: type[Model], id: int) -> str:
        if model not in self._now:
            rows = model._default_manager.values_list("pk", "name")
            self._now[model] = dict(rows)
        return self._now[model].get(id) or self._recorded.get((model, id)) or f"no. {id}"
