"""Rows written by the hundred, without a signal for each of them."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import router
from django.db.models import Model, QuerySet
from django.db.models.deletion import Collector

from chatbot.bot_file.contents import Reprompts, Said
from chatbot.models import Bot, Reprompt

# Parameters of one statement, which SQLite limits to 32,766: no row has more fields than 16.
BATCH = 2000


def put_rows(bot: Bot, old: QuerySet[Any], new: Iterable[Model]) -> None:
    """Replace rows: new ones, because rows without a position stand in the order of their ids."""
    delete_rows(bot, old)
    create_rows(new)


def create_rows(rows: Iterable[Any]) -> list[Any]:
    """Create rows of one model, and return them with their ids."""
    rows = list(rows)
    if not rows:
        return []
    created: list[Any] = type(rows[0])._default_manager.bulk_create(rows, batch_size=BATCH)
    return created


def delete_rows(bot: Bot, rows: QuerySet[Any]) -> None:
    """Delete rows on behalf of the bot, so that each of them does not raise its version."""
    collector = Collector(using=router.db_for_write(rows.model), origin=bot)
    collector.collect(rows)
    collector.delete()


def create_named(
    rows: QuerySet[Any],
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    new_row: Callable[[str], Any],
) -> tuple[dict[str, int], list[str]]:
    """Create rows by name; return the ids by name, and the names new or changed."""
    ids: dict[str, int] = dict(rows.values_list("name", "pk"))
    created = create_rows(new_row(name) for name in new if name not in old)
    ids.update({row.name: row.pk for row in created})
    return ids, [name for name in new if old.get(name) != new[name]]


def reprompt_rows(reprompts: Reprompts, **owner: Any) -> list[Reprompt]:
    """Return unsaved rows; `owner` is their bot or their intent."""
    kinds = {
        Reprompt.Kind.NO_MATCH: reprompts.no_match,
        Reprompt.Kind.NO_INPUT: reprompts.no_input,
    }
    return [
        Reprompt(kind=kind, position=position, **said_fields(said), **owner)
        for kind, rows in kinds.items()
        for position, said in enumerate(rows)
    ]


def said_fields(said: Said) -> dict[str, Any]:
    """Return the fields that replies and reprompts have in common."""
    manner = said.manner
    return {
        "text": said.text,
        "action": said.action,
        "parameter": said.parameter,
        "otherwise": said.otherwise,
        "voice": manner.voice,
        "speed": manner.speed,
        "is_uninterruptible": manner.is_uninterruptible,
    }


def expectation_fields(said: Said) -> dict[str, Any]:
    """Return the fields that a reply has beside."""
    expects = said.expects
    return {
        "expects": expects.kind,
        "expected_phrases": "\n".join(expects.phrases),
        "expects_language": expects.language,
        "expects_model": expects.model,
    }
