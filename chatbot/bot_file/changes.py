"""What becomes of a bot that is replaced, in a few words for the editor. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from chatbot.bot_file.contents import BOT_FIELDS, BotContents

MAX_NAMES = 10


def describe_changes(before: BotContents, after: BotContents) -> list[str]:
    """Return one line for each part of the bot that changes; none where all stays as it is."""
    fields = [name for name in BOT_FIELDS if before.fields[name] != after.fields[name]]
    lines = [f"Texts and numbers of the bot: {_names(fields)} changed."] if fields else []
    parts = {
        "Opening hours": (before.opening_hours, after.opening_hours),
        "Closed days": (before.closed_days, after.closed_days),
        "Reprompts of the bot": (before.reprompts, after.reprompts),
        "Pronunciations": (before.pronunciations, after.pronunciations),
    }
    lines += [f"{part} changed." for part, (old, new) in parts.items() if old != new]
    lines += _named("Intents", _by_name(before.intents), _by_name(after.intents))
    if _is_reordered(before, after):
        lines.append("Intents: their order changed.")
    lines += _named("Rehearsals", _by_name(before.rehearsals), _by_name(after.rehearsals))
    lines += _named(
        "Ignored phrases",
        dict.fromkeys(before.ignored_phrases),
        dict.fromkeys(after.ignored_phrases),
    )
    return lines


def _by_name(rows: Iterable[Any]) -> dict[str, Any]:
    return {row.name: row for row in rows}


def _named(what: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    groups = {
        "added": [name for name in after if name not in before],
        "deleted": [name for name in before if name not in after],
        "changed": [name for name in after if name in before and after[name] != before[name]],
    }
    return [
        f"{what}: {len(names)} {verb} – {_names(names)}." for verb, names in groups.items() if names
    ]


def _is_reordered(before: BotContents, after: BotContents) -> bool:
    """Whether intents that stay have changed places among themselves."""
    old = [intent.name for intent in before.intents]
    new = [intent.name for intent in after.intents]
    stay = set(old) & set(new)
    return [name for name in old if name in stay] != [name for name in new if name in stay]


def _names(names: list[str]) -> str:
    listed = ", ".join(f"“{name}”" for name in names[:MAX_NAMES])
    more = len(names) - MAX_NAMES
    return listed + (f" and {more} more" if more > 0 else "")
