"""Contents saved as the rows of a bot: all of them or, where one fails, none.

Rows are written in bulk, and the version of the bot is raised once. Bulk operations send no
signals, so what has changed is told here to the revision that is being made, if one is.
"""

from collections.abc import Iterable
from dataclasses import replace

import reversion
from django.db import transaction

from chatbot.bot_file.bulk import create_named, create_rows, delete_rows, put_rows, reprompt_rows
from chatbot.bot_file.contents import BotContents, RehearsalContents
from chatbot.bot_file.defaults import without_connection
from chatbot.bot_file.rows import bot_contents
from chatbot.bot_file.save_intents import affected_intents, save_intents
from chatbot.history import about_to_change
from chatbot.models import (
    Bot,
    ClosedDay,
    IgnoredPhrase,
    OpeningTime,
    Pronunciation,
    Rehearsal,
    RehearsalLine,
    Reprompt,
)

_MAX_NAME = 100


@transaction.atomic
def bot_create(contents: BotContents) -> Bot:
    """Save a new bot; where its name is taken, with a number after it: “Reception (2)”."""
    bot = Bot(**{**contents.fields, "name": _free_name(contents.name)})
    bot.save()
    _save_parts(bot, BotContents(fields=contents.fields), contents)
    return bot


@transaction.atomic
def bot_copy(bot: Bot, *, keeps_connection: bool = True) -> Bot:
    """Save the bot once more, as “… (copy)”: without its numbers, secret and place as default.

    Without its connection to a chatbot elsewhere, the copy answers by its own intents.
    """
    contents = bot_contents(bot.pk)
    if not keeps_connection:
        contents = without_connection(contents)
    name = _free_name(_with_suffix(contents.name, "copy"))
    return bot_create(replace(contents, fields={**contents.fields, "name": name}))


@transaction.atomic
def bot_replace(bot_id: int, contents: BotContents) -> bool:
    """Make a bot like the contents, and return whether anything changed.

    Intents and rehearsals of the same name stay the same rows, so transcripts, rehearsals and
    history go on with them. Raises Bot.DoesNotExist.
    """
    bot = Bot.objects.select_for_update().get(pk=bot_id)
    before = bot_contents(bot_id)
    if before == contents:
        return False
    for name, value in contents.fields.items():
        setattr(bot, name, value)
    if reversion.is_active():
        about_to_change(bot_id, affected_intents(bot, before, contents))
    version = bot.version
    bot.save()
    _save_parts(bot, before, contents)
    # Each intent that was deleted has raised the version too; live calls are told of one change.
    Bot.objects.filter(pk=bot_id).update(version=version + 1)
    return True


# --- Names ------------------------------------------------------------------------------------


def _free_name(name: str) -> str:
    """Return the name, with the first number after it that makes it unlike all others."""
    free, number = name, 1
    while Bot.objects.filter(name=free).exists():
        number += 1
        free = _with_suffix(name, str(number))
    return free


def _with_suffix(name: str, suffix: str) -> str:
    return f"{name[: _MAX_NAME - len(suffix) - 3]} ({suffix})"


# --- Rows -------------------------------------------------------------------------------------


def _save_parts(bot: Bot, before: BotContents, after: BotContents) -> None:
    """Save what differs."""
    if before.opening_hours != after.opening_hours:
        hours = [
            OpeningTime(bot=bot, weekday=row.weekday, opens=row.opens, closes=row.closes)
            for row in after.opening_hours
        ]
        put_rows(bot, OpeningTime.objects.filter(bot=bot), hours)
    if before.closed_days != after.closed_days:
        days = [ClosedDay(bot=bot, day=day, name=name) for day, name in after.closed_days]
        put_rows(bot, ClosedDay.objects.filter(bot=bot), days)
    if before.pronunciations != after.pronunciations:
        words = [Pronunciation(bot=bot, word=word, phones=ph) for word, ph in after.pronunciations]
        put_rows(bot, Pronunciation.objects.filter(bot=bot), words)
    if before.reprompts != after.reprompts:
        rows = reprompt_rows(after.reprompts, bot=bot)
        put_rows(bot, Reprompt.objects.filter(bot=bot), rows)
    _save_ignored(bot, set(before.ignored_phrases), set(after.ignored_phrases))
    _save_rehearsals(bot, before.rehearsals, after.rehearsals)
    save_intents(bot, before.intents, after.intents)


def _save_ignored(bot: Bot, before: set[str], after: set[str]) -> None:
    """Save ignored phrases; those that stay keep the time at which they were ignored."""
    phrases = IgnoredPhrase.objects.filter(bot=bot)
    gone = [pk for pk, text in phrases.values_list("pk", "text") if text not in after]
    delete_rows(bot, phrases.filter(pk__in=gone))
    create_rows(IgnoredPhrase(bot=bot, text=text) for text in sorted(after - before))


def _save_rehearsals(
    bot: Bot, before: Iterable[RehearsalContents], after: Iterable[RehearsalContents]
) -> None:
    old, new = {row.name: row for row in before}, {row.name: row for row in after}
    rows = Rehearsal.objects.filter(bot=bot)
    delete_rows(bot, rows.exclude(name__in=new))
    ids, changed = create_named(rows, old, new, lambda name: Rehearsal(bot=bot, name=name))
    lines = [
        RehearsalLine(
            rehearsal_id=ids[name],
            position=position,
            says=line.says,
            intent_name=line.intent,
            reply=line.reply,
            action=line.action,
        )
        for name in changed
        for position, line in enumerate(new[name].lines)
    ]
    owners = [ids[name] for name in changed if name in old]
    put_rows(bot, RehearsalLine.objects.filter(rehearsal_id__in=owners), lines)
