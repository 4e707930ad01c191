"""Raise a bot's version whenever it or a part of it is saved or deleted.

Live calls ask for the version before each turn and read the bot again when it has changed.
Signals, and not the admin, raise it: whoever saves through the ORM, be it a shell, a command
or another app, is then live at the next turn. Bulk operations of the ORM send no signals;
who uses them calls `raise_version`.

Other apps learn of a change by `bots_changed`, once everybody can see it.
"""

from collections.abc import Iterable
from functools import partial
from operator import attrgetter
from typing import Any

from django.db import transaction
from django.db.models import F, Model, QuerySet
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save
from django.dispatch import Signal
from django.utils import timezone

from chatbot.actions.goto import GoToAction
from chatbot.models import (
    Bot,
    ClosedDay,
    Intent,
    Keyword,
    OpeningTime,
    Pronunciation,
    RehearsalLine,
    Reply,
    Reprompt,
)

# The parts of a bot, and how the id of their bot is reached: in one of these ways.
_PARTS: dict[type[Model], tuple[str, ...]] = {
    Intent: ("bot_id",),
    Keyword: ("intent.bot_id",),
    Reply: ("intent.bot_id",),
    Reprompt: ("bot_id", "intent.bot_id"),
    Pronunciation: ("bot_id",),
    OpeningTime: ("bot_id",),
    ClosedDay: ("bot_id",),
}


bots_changed = Signal()
"""Sent after the commit with `bot_ids`, for each part that was saved: receivers must be quick.

The sender is `Bot`. What a receiver raises is logged, and does not reach who saved.
"""


def raise_version(bot_ids: Iterable[int]) -> None:
    """Tell live calls that these bots have changed, by one UPDATE that two savers can share."""
    ids = frozenset(bot_ids)
    Bot.objects.filter(pk__in=ids).update(version=F("version") + 1, changed_at=timezone.now())
    transaction.on_commit(partial(bots_changed.send_robust, sender=Bot, bot_ids=ids))


def bot_saved(instance: Bot, **kwargs: Any) -> None:
    raise_version([instance.pk])


def _bots_of(sender: type[Model], instance: Any) -> set[int]:
    """Return the bot of a part, as the object has it."""
    bots: set[int] = set()
    for way in _PARTS[sender]:
        owner, _, _ = way.rpartition(".")
        if not owner or getattr(instance, owner) is not None:
            bots.add(attrgetter(way)(instance))
    return bots - {None}


def part_is_saved(sender: type[Model], instance: Any, **kwargs: Any) -> None:
    """Remember the bot that the part has belonged to so far: it may be moved to another one."""
    instance.bots_before = set()
    if not instance._state.adding:
        ways = [way.replace(".", "__") for way in _PARTS[sender]]
        for row in sender._default_manager.filter(pk=instance.pk).values_list(*ways):
            instance.bots_before.update(filter(None, row))


def part_saved(sender: type[Model], instance: Any, **kwargs: Any) -> None:
    raise_version(_bots_of(sender, instance) | instance.bots_before)


def part_deleted(sender: type[Model], instance: Any, origin: Any = None, **kwargs: Any) -> None:
    """Raise the version for the row whose deletion was asked for, not for those it takes along.

    Rows that go with their intent need no second raise, and rows that go with their bot no raise.
    """
    asked_for = origin.model if isinstance(origin, QuerySet) else type(origin)
    if asked_for is sender:
        raise_version(_bots_of(sender, instance))


def follows_changed(instance: Intent, action: str, **kwargs: Any) -> None:
    if action in {"post_add", "post_remove", "post_clear"}:
        raise_version([instance.bot_id])


def intent_is_renamed(instance: Intent, **kwargs: Any) -> None:
    """Let what names the intent follow its new name: actions that go to it, and rehearsals."""
    if instance._state.adding:
        return
    before = Intent.objects.filter(pk=instance.pk).values_list("name", flat=True).first()
    if before is None or before == instance.name:
        return
    Reply.objects.filter(
        intent__bot_id=instance.bot_id, action=GoToAction.name, parameter=before
    ).update(parameter=instance.name)
    RehearsalLine.objects.filter(rehearsal__bot_id=instance.bot_id, intent_name=before).update(
        intent_name=instance.name
    )


def connect() -> None:
    """Connect the receivers; called once, when the app is ready."""
    post_save.connect(bot_saved, sender=Bot, dispatch_uid="chatbot.bot_saved")
    pre_save.connect(intent_is_renamed, sender=Intent, dispatch_uid="chatbot.is_renamed")
    m2m_changed.connect(
        follows_changed, sender=Intent.follows.through, dispatch_uid="chatbot.follows_changed"
    )
    for part in _PARTS:
        name = part.__name__
        pre_save.connect(part_is_saved, sender=part, dispatch_uid=f"chatbot.is_saved.{name}")
        post_save.connect(part_saved, sender=part, dispatch_uid=f"chatbot.saved.{name}")
        post_delete.connect(part_deleted, sender=part, dispatch_uid=f"chatbot.deleted.{name}")
