"""Which rows make a bot, which of their fields are kept in its history, and whose they are."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import reversion
from django.db.models import Model

from chatbot.models import (
    Bot,
    ClosedDay,
    Intent,
    Keyword,
    OpeningTime,
    PhoneNumber,
    Pronunciation,
    Reply,
    Reprompt,
)

Owner = Bot | Intent
"""What is changed, and put back, as one: a bot with its own rows, or an intent with its rows."""

ROWS: Mapping[type[Owner], Mapping[str, type[Model]]] = MappingProxyType(
    {
        Bot: {
            "reprompts": Reprompt,
            "opening_times": OpeningTime,
            "closed_days": ClosedDay,
            "phone_numbers": PhoneNumber,
            "pronunciations": Pronunciation,
        },
        Intent: {"keywords": Keyword, "replies": Reply, "reprompts": Reprompt},
    }
)
"""The rows that hang on an owner, by the name under which it has them."""

ROW_MODELS: tuple[type[Model], ...] = tuple(
    {model: None for rows in ROWS.values() for model in rows.values()}
)

MODELS: tuple[type[Model], ...] = (Bot, Intent, *ROW_MODELS)

# The secret is nobody's to read, and must not come back once it was changed. The version counts
# on, whatever the bot is put back to.
_UNTRACKED = frozenset({"id", "secret", "version", "changed_at"})


def _fields(model: type[Model]) -> tuple[str, ...]:
    fields = [*model._meta.local_fields, *model._meta.local_many_to_many]
    return tuple(field.name for field in fields if field.name not in _UNTRACKED)


FIELDS: Mapping[type[Model], tuple[str, ...]] = MappingProxyType(
    {model: _fields(model) for model in MODELS}
)
"""The names of the fields that are kept."""


def owner_fields(model: type[Model]) -> tuple[str, ...]:
    """Return the fields of a row that may name its owner."""
    return tuple(name for name in ("intent", "bot") if name in FIELDS[model])


def owner_of(row: Any) -> Owner:
    """Return what a row hangs on. Costs a query where the row has not loaded it."""
    for name in owner_fields(type(row)):
        owner = getattr(row, name)
        if isinstance(owner, Bot | Intent):
            return owner
    raise ValueError(f"{row!r} hangs on nothing.")


def register() -> None:
    """Have reversion keep these models; called once, when the app is ready.

    Nothing follows anything: `chatbot.history.recording` completes each revision by itself.
    """
    for model in MODELS:
        reversion.register(model, fields=FIELDS[model])
