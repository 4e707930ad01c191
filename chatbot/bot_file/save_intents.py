"""Intents saved: those of the same name stay the same rows."""

import sys
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

import reversion

from chatbot.bot_file.bulk import (
    BATCH,
    create_named,
    expectation_fields,
    put_rows,
    reprompt_rows,
    said_fields,
)
from chatbot.bot_file.contents import BotContents, IntentContents
from chatbot.models import Bot, Intent, Keyword, Reply, Reprompt

_Intents = Mapping[str, IntentContents]
"""Intents by their name."""


def save_intents(
    bot: Bot, before: Iterable[IntentContents], after: Iterable[IntentContents]
) -> None:
    """Make the intents of a bot from those of a file; `before` are those that it has."""
    old, new = {row.name: row for row in before}, {row.name: row for row in after}
    rows = Intent.objects.filter(bot=bot)
    # Not on behalf of the bot: its history keeps them, to be brought back.
    rows.exclude(name__in=new).delete()
    positions = _positions(bot, new)

    def new_row(name: str) -> Intent:
        order = new[name].reply_order
        return Intent(bot=bot, name=name, position=positions[name], reply_order=order)

    moved = []
    for row in rows.only("name", "position", "reply_order"):
        wanted = (positions[row.name], new[row.name].reply_order)
        if (row.position, row.reply_order) != wanted:
            row.position, row.reply_order = wanted
            moved.append(row)
    Intent.objects.bulk_update(moved, ["position", "reply_order"], batch_size=500)
    ids, changed = create_named(rows, old, new, new_row)
    existing = {name: old[name] for name in changed if name in old}
    _save_keywords(bot, ids, changed, existing, new)
    _save_said(bot, ids, changed, existing, new)
    _save_follows(ids, changed, existing, new)
    if reversion.is_active():
        added = rows.filter(pk__in=[ids[name] for name in changed if name not in old])
        for intent in added.prefetch_related("follows"):
            reversion.add_to_revision(intent)


def affected_intents(bot: Bot, before: BotContents, after: BotContents) -> list[int]:
    """Return the ids of intents that will be deleted or changed."""
    old, new = {row.name: row for row in before.intents}, {row.name: row for row in after.intents}
    positions = _positions(bot, new)
    return [
        pk
        for name, position, pk in Intent.objects.filter(bot=bot).values_list(
            "name", "position", "pk"
        )
        if old[name] != new.get(name) or position != positions[name]
    ]


def _positions(bot: Bot, names: Iterable[str]) -> dict[str, int]:
    """Return positions that put the intents in an order: those that they have, where these do."""
    names = list(names)
    rows = Intent.objects.filter(bot=bot).values_list("name", "position", "pk")
    known = {name: (position, pk) for name, position, pk in rows}
    positions: dict[str, int] = {}
    last = (0, 0)
    for place, name in enumerate(names):
        # New rows have larger ids than all others, in the order in which they are created.
        here = known.get(name, (last[0], sys.maxsize + place))
        if here < last:
            return {name: place for place, name in enumerate(names)}
        positions[name], last = here[0], here
    return positions


def _save_keywords(
    bot: Bot, ids: Mapping[str, int], changed: Iterable[str], old: _Intents, new: _Intents
) -> None:
    names = _differing(changed, old, new, lambda intent: intent.keywords)
    rows = [
        Keyword(intent_id=ids[name], text=text) for name in names for text in new[name].keywords
    ]
    put_rows(bot, Keyword.objects.filter(intent_id__in=_ids(names, ids, old)), rows)


def _save_said(
    bot: Bot, ids: Mapping[str, int], changed: Iterable[str], old: _Intents, new: _Intents
) -> None:
    names = _differing(changed, old, new, lambda intent: intent.replies)
    replies = [
        Reply(
            intent_id=ids[name],
            position=position,
            **said_fields(said),
            ends_thread=said.ends_thread,
            **expectation_fields(said),
        )
        for name in names
        for position, said in enumerate(new[name].replies)
    ]
    put_rows(bot, Reply.objects.filter(intent_id__in=_ids(names, ids, old)), replies)
    names = _differing(changed, old, new, lambda intent: intent.reprompts)
    reprompts = [
        row for name in names for row in reprompt_rows(new[name].reprompts, intent_id=ids[name])
    ]
    put_rows(bot, Reprompt.objects.filter(intent_id__in=_ids(names, ids, old)), reprompts)


def _save_follows(
    ids: Mapping[str, int], changed: Iterable[str], old: _Intents, new: _Intents
) -> None:
    """Link the follow-ups; by rows of the table between, for which no signal is wanted."""
    links = Intent.follows.through
    names = _differing(changed, old, new, lambda intent: intent.follows)
    links.objects.filter(from_intent_id__in=_ids(names, ids, old)).delete()
    links.objects.bulk_create(
        [
            links(from_intent_id=ids[name], to_intent_id=ids[followed])
            for name in names
            for followed in new[name].follows
        ],
        batch_size=BATCH,
    )


def _differing(
    names: Iterable[str],
    old: _Intents,
    new: _Intents,
    part: Callable[[IntentContents], Any],
) -> list[str]:
    return [name for name in names if name not in old or part(old[name]) != part(new[name])]


def _ids(names: Iterable[str], ids: Mapping[str, int], old: Collection[str]) -> list[int]:
    """Return the ids of those that were there before: only they have rows to be replaced."""
    return [ids[name] for name in names if name in old]
