"""Puts a bot's own fields, or one intent with its rows, back to how they once were."""

from __future__ import annotations

from typing import Any

import reversion
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import Field, ForeignKey, Model
from django.utils import timezone
from django.utils.formats import date_format
from reversion.models import Version

from chatbot.history.snapshots import (
    DATABASE,
    Key,
    Row,
    Snapshot,
    content_types,
    last_recorded,
    recorded,
    snapshots_of,
    versions_now,
)
from chatbot.history.tracked import FIELDS, ROWS
from chatbot.models import Bot, Intent

CONNECTION_FIELDS = frozenset({"backend", "backend_url", "backend_seconds"})
"""What only those may change who may connect a bot to a chatbot elsewhere."""


class RevertError(Exception):
    """Nothing was put back; the text says why, and what to do."""


def revert(bot: Bot, version_id: int, user: User) -> str:
    """Put back what a version of the bot, or of one of its intents, holds; return what was done.

    Rows that have come since go; other bots stay as they are, and so do other intents, but that
    those which followed a deleted one follow it again. The bot gets one new version, and its
    history one more change. Raises RevertError, and then changes nothing.
    """
    with reversion.create_revision():
        bot = Bot.objects.select_for_update().get(pk=bot.pk)
        version = Version.objects.filter(db=DATABASE, pk=version_id).first()
        then = _snapshot(bot, version)
        now = _now(bot, then.key)
        if now == then:
            raise RevertError("It is like that already; nothing was changed.")
        _check_permission(then, now, user)
        done = _sentence(then, version)
        reversion.set_user(user)
        reversion.set_comment(done)
        owner = _restore_row(_owner_row(then), _existing(then.key))
        _restore_rows(then, now)
        notes = _restore_links(owner, then, now) if isinstance(owner, Intent) else []
        # The signals have counted every row; to the calls it is one change.
        Bot.objects.filter(pk=bot.pk).update(version=bot.version + 1, changed_at=timezone.now())
    return " ".join([done, *notes])


def _sentence(then: Snapshot, version: Version | None) -> str:
    if version is None:
        raise ValueError("A snapshot is read from a version.")
    at = date_format(timezone.localtime(version.revision.date_created), "DATETIME_FORMAT")
    at = at.removesuffix(".")  # of “p.m.”: the sentence ends there
    if then.key[0] is Bot:
        return f"The bot’s own fields were put back to how they were on {at}."
    return f"The intent “{then.name}” was put back to how it was on {at}."


# --- What is asked for, and whether it may be done --------------------------------------------


def _snapshot(bot: Bot, version: Version | None) -> Snapshot:
    """Return what a version of this bot holds. Raises RevertError."""
    model = content_types().get(version.content_type_id) if version is not None else None
    if version is None or model is None or model not in ROWS:
        raise RevertError("This change is not on record. Load the page again.")
    snapshot = recorded([version.revision_id])[version.revision_id][model, int(version.object_id)]
    if snapshot.owner is None:
        raise RevertError(f"“{snapshot.name}” was deleted then. Choose the change before.")
    if snapshot.bot_id != bot.pk:
        raise RevertError("This change was made to another bot. Look for it in that bot’s history.")
    return snapshot


def _now(bot: Bot, key: Key) -> Snapshot | None:
    """Return how it is now; None where the intent is deleted. Raises RevertError."""
    model, id = key
    intent = Intent.objects.filter(pk=id).select_related("bot").first() if model is Intent else None
    if intent is not None and intent.bot_id != bot.pk:
        raise RevertError(
            f"“{intent}” belongs to the bot “{intent.bot}” now. Move it back to this bot first."
        )
    return snapshots_of(versions_now([bot.pk], [intent.pk] if intent else [])).get(key)


def _check_permission(then: Snapshot, now: Snapshot | None, user: User) -> None:
    """Refuse what the user could not do by hand. Raises RevertError."""
    if then.key[0] is Intent:
        needed = {"chatbot.change_intent"} | (set() if now else {"chatbot.add_intent"})
        if not user.has_perms(needed):
            raise RevertError("You may not change intents. Ask an administrator to do it.")
        return
    if not user.has_perm("chatbot.change_bot"):
        raise RevertError("You may not change bots. Ask an administrator to do it.")
    old, new = (_owner_row(snapshot).fields for snapshot in (now or then, then))
    changed = {name for name in CONNECTION_FIELDS if old.get(name) != new.get(name)}
    if changed and not user.has_perm("chatbot.connect_bot"):
        raise RevertError(
            "The bot’s answers came from elsewhere at that moment, or do so now, and you may not "
            "change that. Ask an administrator to do it."
        )


# --- Rows -------------------------------------------------------------------------------------


def _owner_row(snapshot: Snapshot) -> Row:
    if snapshot.owner is None:
        raise ValueError("The snapshot is of something deleted.")
    return snapshot.owner


def _existing(key: Key) -> Model | None:
    model, id = key
    return model._default_manager.filter(pk=id).first()


def _restore_rows(then: Snapshot, now: Snapshot | None) -> None:
    """Delete and add rows until they are those of the snapshot, ids and all.

    A row that was changed is added anew: two may have changed places, such as two closed days,
    and neither could then be put back while the other stands there.
    """
    now_rows = now.rows if now is not None else frozenset()
    for row in sorted(now_rows - then.rows, key=lambda row: row.id):
        row.model._default_manager.get(pk=row.id).delete()
    for row in sorted(then.rows - now_rows, key=lambda row: row.id):
        if _existing((row.model, row.id)) is not None:
            # It was moved to somebody else since: theirs stays, and we get one of our own.
            row = Row(row.model, 0, row.content, row.label)
        _restore_row(row, None)


def _restore_row(row: Row, existing: Model | None) -> Model:
    """Save a row as it was then. Raises RevertError where the model cannot take it."""
    model = row.model
    restored = existing if existing is not None else model(pk=row.id or None)
    try:
        for name, value in row.fields.items():
            if name not in FIELDS[model]:
                raise RevertError(
                    f"This was recorded by another version of the program and cannot be put back: "
                    f"“{row.label}” had a field “{name}”. Change it by hand."
                )
            field = model._meta.get_field(name)
            if isinstance(field, Field) and not field.many_to_many:
                setattr(restored, field.attname, _python(field, value))
        restored.full_clean()
    except ValidationError as error:
        reasons = " ".join(error.messages)
        raise RevertError(f"“{row.label}” cannot be put back as it was: {reasons}") from None
    restored.save(force_insert=existing is None)
    return restored


def _python(field: Field[Any, Any], value: Any) -> Any:
    return (field.target_field if isinstance(field, ForeignKey) else field).to_python(value)


# --- Links ------------------------------------------------------------------------------------


def _restore_links(intent: Intent, then: Snapshot, now: Snapshot | None) -> list[str]:
    """Have the intent follow what it followed; return what could not be done, in sentences."""
    wanted = set(_owner_row(then).fields.get("follows", []))
    found = Intent.objects.filter(bot_id=intent.bot_id, pk__in=wanted).exclude(pk=intent.pk)
    intent.follows.set(found)
    if now is None:
        _restore_followers(intent)
    missing = len(wanted) - len(found)
    if not missing:
        return []
    if not found:
        return ["What it followed is gone, so it is now considered at any time."]
    return [f"Of the intents it followed, {missing} are gone."]


def _restore_followers(intent: Intent) -> None:
    """Have those follow the intent again which did so until it was deleted."""
    key: Key = (Intent, intent.pk)
    deletion = (
        Version.objects.get_for_object_reference(Intent, intent.pk, model_db=DATABASE)
        .order_by("-revision_id")
        .values_list("revision", flat=True)
        .first()
    )
    if deletion is None:
        return
    along = recorded([deletion])[deletion]
    if along[key].owner is not None:
        return  # the deletion is not on record
    before = last_recorded((other for other in along if other[0] is Intent), before=deletion)
    followers = [
        other
        for (_, other), snapshot in before.items()
        if snapshot.owner is not None and intent.pk in snapshot.owner.fields.get("follows", [])
    ]
    for follower in Intent.objects.filter(bot_id=intent.bot_id, pk__in=followers):
        follower.follows.add(intent)
