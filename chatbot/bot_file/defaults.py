"""The default values of a bot's fields: what a file need not say."""

from dataclasses import replace
from types import MappingProxyType

from django.db.models import Field

from chatbot.bot_file.contents import BOT_FIELDS, CONNECTION_FIELDS, BotContents
from chatbot.models import Bot


def _default(name: str) -> str | int:
    field = Bot._meta.get_field(name)
    value = field.get_default() if isinstance(field, Field) else None
    return value if isinstance(value, int) else str(value or "")


BOT_DEFAULTS = MappingProxyType({name: _default(name) for name in BOT_FIELDS})
"""By the name of the field; an empty text where the field has no default."""


def without_connection(contents: BotContents) -> BotContents:
    """Return the contents of a bot that answers by its own intents, with all else as it is."""
    own = {name: BOT_DEFAULTS[name] for name in CONNECTION_FIELDS}
    return replace(contents, fields={**contents.fields, **own})
