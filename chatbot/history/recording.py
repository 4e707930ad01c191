"""Receivers that see to it that each revision tells the whole of what it changed.

Reversion opens and saves the revisions. While one is active, the receivers note which bots and
intents are touched, and record how those were before, unless that is on record. When it is saved,
it gets them with all their rows as they are then, whichever way they came to be so.
"""

from collections.abc import Collection
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import reversion
from django.db.models import Model, QuerySet
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete, pre_save
from django.utils import timezone
from reversion.models import Revision, Version
from reversion.signals import post_revision_commit, pre_revision_commit

from chatbot.actions.goto import GoToAction
from chatbot.history.snapshots import (
    Key,
    content_types,
    copies_of_last,
    key_of,
    last_recorded,
    snapshots_of,
    version_of_deleted,
    versions_now,
)
from chatbot.history.tracked import ROW_MODELS, ROWS, owner_of, register
from chatbot.models import Bot, Intent

OUTSIDE = "Changed outside the admin"
"""The comment of a revision that nobody made: it records what was changed without one."""


@dataclass(slots=True)
class _Touched:
    """What the active revision has come across so far, and which intents it deletes."""

    revision: datetime
    keys: set[Key] = field(default_factory=set)
    deleted: list[Intent] = field(default_factory=list)
    is_void: bool = False
    """Whether nothing is otherwise than before."""


_touched: ContextVar[_Touched | None] = ContextVar("touched", default=None)


def _active() -> _Touched:
    """Return what belongs to the active revision, which is told from others by its moment."""
    moment = reversion.get_date_created()
    touched = _touched.get()
    if touched is None or touched.revision != moment:
        touched = _Touched(moment)
        _touched.set(touched)
    return touched


# --- Before a change --------------------------------------------------------------------------


def about_to_change(bot_id: int, intent_ids: Collection[int] = ()) -> None:
    """Record how a bot and intents of it are, unless the record says so already.

    Only while a revision is active, which then holds these at its end; once in it for each. The
    receivers call it before each row is saved or deleted. Bulk operations send no signals: who
    changes rows by them calls it first, and then `reversion.add_to_revision` with what is new.
    """
    keys: set[Key] = {(Bot, bot_id), *((Intent, id) for id in intent_ids)}
    touched = _active()
    new = keys - touched.keys
    if not new:
        return
    touched.keys |= new
    intents = [id for model, id in new if model is Intent]
    record_drift(bot_id, intents, is_bot_as_before=(Bot, bot_id) in new)


def record_drift(
    bot_id: int, intent_ids: Collection[int] = (), *, is_bot_as_before: bool = True
) -> None:
    """Record what was changed without a revision, in a revision of its own that nobody made.

    Costs a dozen queries, and writes nothing where the record is true. A bot that the active
    revision has changed already, and so is not as before, is taken from the record.
    """
    bot: Key = (Bot, bot_id)
    versions = versions_now([bot_id] if is_bot_as_before else [], intent_ids)
    now = snapshots_of(versions)
    if now and last_recorded(now) != now:
        _write(versions if is_bot_as_before else [*copies_of_last(bot), *versions])


def _write(versions: list[Version]) -> None:
    """Save a revision beside the active one, which is saved later and so comes after it."""
    revision = Revision.objects.create(date_created=timezone.now(), comment=OUTSIDE)
    for version in versions:
        version.revision = revision
    Version.objects.bulk_create(versions)


# --- When a revision is saved -----------------------------------------------------------------


def revision_is_saved(versions: list[Version], **kwargs: Any) -> None:
    """Complete the versions that are about to be saved.

    Of the intents those stay that are otherwise than before. Their bots stay in any case: the
    history of a bot is found by them.
    """
    touched = _active()
    types = content_types()
    ours = [version for version in versions if version.content_type_id in types]
    if not ours:
        return
    keys = touched.keys | {key for version in ours if (key := key_of(version)) is not None}
    intent_ids = {id for model, id in keys if model is Intent}
    bot_ids = {id for model, id in keys if model is Bot}
    bot_ids |= set(Intent.objects.filter(pk__in=intent_ids).values_list("bot_id", flat=True))
    now = versions_now(bot_ids, intent_ids)
    snapshots = snapshots_of(now)
    before = last_recorded(snapshots)
    changed = {key for key, snapshot in snapshots.items() if before.get(key) != snapshot}
    stay = changed | {key for key in snapshots if key[0] is Bot}
    touched.is_void = not changed and not touched.deleted
    foreign = [version for version in versions if version.content_type_id not in types]
    versions[:] = [
        *foreign,
        *(version for version in now if key_of(version) in stay),
        *map(version_of_deleted, touched.deleted),
    ]


def revision_saved(revision: Revision, **kwargs: Any) -> None:
    """Forget a revision in which nothing was changed, such as a form saved as it was."""
    touched = _active()
    if touched.is_void:
        revision.delete()
    _touched.set(None)


# --- Bots and intents -------------------------------------------------------------------------


def bot_is_saved(instance: Bot, **kwargs: Any) -> None:
    if reversion.is_active() and not instance._state.adding:
        about_to_change(instance.pk)


def bot_saved(instance: Bot, created: bool, **kwargs: Any) -> None:
    if reversion.is_active() and created:
        _active().keys.add((Bot, instance.pk))


def intent_is_saved(instance: Intent, **kwargs: Any) -> None:
    """Also look at the intents that go to this one: they follow its new name."""
    if not reversion.is_active():
        return
    before = None if instance._state.adding else Intent.objects.filter(pk=instance.pk).first()
    about_to_change(instance.bot_id)
    if before is None:
        return
    senders: list[int] = []
    if before.name != instance.name:
        going = Intent.objects.filter(
            bot_id=before.bot_id, replies__action=GoToAction.name, replies__parameter=before.name
        )
        senders = list(going.values_list("pk", flat=True).distinct())
    about_to_change(before.bot_id, {before.pk, *senders})


def intent_saved(instance: Intent, created: bool, **kwargs: Any) -> None:
    if reversion.is_active() and created:
        _active().keys.add((Intent, instance.pk))


def follows_are_changed(instance: Intent, action: str, reverse: bool, **kwargs: Any) -> None:
    if reversion.is_active() and action.startswith("pre_") and not reverse:
        about_to_change(instance.bot_id, [instance.pk])


def intent_is_deleted(instance: Any, origin: Any = None, **kwargs: Any) -> None:
    """Also look at the intents that follow this one: the links go with it."""
    if _model_of(origin) is Bot:
        return
    instance.followers = list(instance.followed_by.values_list("pk", flat=True))
    ids = [instance.pk, *instance.followers]
    if reversion.is_active():
        about_to_change(instance.bot_id, ids)
    else:
        record_drift(instance.bot_id, ids)


def intent_deleted(instance: Any, origin: Any = None, **kwargs: Any) -> None:
    """Record that the intent is gone, also where no revision is active.

    All other changes can be told afterwards, from the rows. This one could not.
    """
    if _model_of(origin) is Bot:
        return
    if not reversion.is_active():
        versions = versions_now([instance.bot_id], instance.followers)
        _write([*versions, version_of_deleted(instance)])
        return
    _active().deleted.append(Intent(pk=instance.pk, name=instance.name))
    reversion.add_to_revision(Bot.objects.get(pk=instance.bot_id))


# --- The rows that hang on them ---------------------------------------------------------------


def row_is_changed(instance: Model, origin: Any = None, **kwargs: Any) -> None:
    """Before a row is saved, or deleted for its own sake."""
    if not reversion.is_active() or _model_of(origin) in ROWS:
        return
    owner = owner_of(instance)
    if isinstance(owner, Bot):
        about_to_change(owner.pk)
    else:
        about_to_change(owner.bot_id, [owner.pk])


def row_deleted(instance: Model, origin: Any = None, **kwargs: Any) -> None:
    """Have a revision saved for the row: reversion saves none for what is deleted."""
    if reversion.is_active() and _model_of(origin) not in ROWS:
        reversion.add_to_revision(owner_of(instance))


def _model_of(origin: Any) -> type[Model] | None:
    """Return the model of what was asked to be deleted, which takes other rows along."""
    if isinstance(origin, QuerySet):
        return origin.model
    return type(origin) if isinstance(origin, Model) else None


def connect() -> None:
    """Register the models and connect the receivers; called once, when the app is ready.

    To be called before `chatbot.signals.connect`, whose receivers change other rows.
    """
    register()
    pre_revision_commit.connect(revision_is_saved, dispatch_uid="chatbot.history.is_saved")
    post_revision_commit.connect(revision_saved, dispatch_uid="chatbot.history.saved")
    pre_save.connect(bot_is_saved, sender=Bot, dispatch_uid="chatbot.history.bot_is_saved")
    post_save.connect(bot_saved, sender=Bot, dispatch_uid="chatbot.history.bot_saved")
    for signal, receiver in (
        (pre_save, intent_is_saved),
        (post_save, intent_saved),
        (pre_delete, intent_is_deleted),
        (post_delete, intent_deleted),
    ):
        signal.connect(receiver, sender=Intent, dispatch_uid=f"chatbot.history.{receiver.__name__}")
    m2m_changed.connect(
        follows_are_changed, sender=Intent.follows.through, dispatch_uid="chatbot.history.follows"
    )
    for model in ROW_MODELS:
        name = f"chatbot.history.{model.__name__}"
        pre_save.connect(row_is_changed, sender=model, dispatch_uid=f"{name}.is_saved")
        pre_delete.connect(row_is_changed, sender=model, dispatch_uid=f"{name}.is_deleted")
        post_delete.connect(row_deleted, sender=model, dispatch_uid=f"{name}.deleted")
