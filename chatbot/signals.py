"""Raise a bot's version whenever it or a part of it is saved or deleted.

Live calls ask for the version before each turn and read the bot again when it has changed.
Signals, and not the admin, raise it: whoever saves through the ORM, be it a shell, a command
or another app, is then live at the next turn. Bulk operations of the ORM send no signals;
who uses them calls `raise_version`.
"""

from collections.abc import Iterable
from operator import attrgetter
from typing import Any

from django.db.models import F, Model, QuerySet
from django.db.models.signals import post_delete, post_save, pre_save
from django.utils import timezone

from chatbot.models import Bot, Intent, Keyword, Pronunciation, Reply

# The parts of a bot, and how the id of their bot is reached.
_PARTS: dict[type[Model], str] = {
    Intent: "bot_id",
    Keyword: "intent.bot_id",
    Reply: "intent.bot_id",
    Pronunciation: "bot_id",
}


def raise_version(bot_ids: Iterable[int]) -> None:
    """Tell live calls that these bots have changed, by one UPDATE that two savers can share."""
    Bot.objects.filter(pk__in=bot_ids).update(version=F("version") + 1, changed_at=timezone.now())


def bot_saved(instance: Bot, **kwargs: Any) -> None:
    raise_version([instance.pk])


def part_is_saved(sender: type[Model], instance: Any, **kwargs: Any) -> None:
    """Remember the bot that the part has belonged to so far: it may be moved to another one."""
    owner = _PARTS[sender].replace(".", "__")
    stored = sender._default_manager.filter(pk=instance.pk).values_list(owner, flat=True)
    instance.bots_before = [] if instance._state.adding else list(stored)


def part_saved(sender: type[Model], instance: Any, **kwargs: Any) -> None:
    raise_version({attrgetter(_PARTS[sender])(instance), *instance.bots_before})


def part_deleted(sender: type[Model], instance: Any, origin: Any = None, **kwargs: Any) -> None:
    """Raise the version for the row whose deletion was asked for, not for those it takes along.

    Rows that go with their intent need no second raise, and rows that go with their bot no raise.
    """
    asked_for = origin.model if isinstance(origin, QuerySet) else type(origin)
    if asked_for is sender:
        raise_version([attrgetter(_PARTS[sender])(instance)])


def connect() -> None:
    """Connect the receivers; called once, when the app is ready."""
    post_save.connect(bot_saved, sender=Bot, dispatch_uid="chatbot.bot_saved")
    for part in _PARTS:
        name = part.__name__
        pre_save.connect(part_is_saved, sender=part, dispatch_uid=f"chatbot.is_saved.{name}")
        post_save.connect(part_saved, sender=part, dispatch_uid=f"chatbot.saved.{name}")
        post_delete.connect(part_deleted, sender=part, dispatch_uid=f"chatbot.deleted.{name}")
