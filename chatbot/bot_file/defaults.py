"""The default values of a bot's fields: what a file need not say."""

from types import MappingProxyType

from django.db.models import Field

from chatbot.bot_file.contents import BOT_FIELDS
from chatbot.models import Bot


def _default(name: str) -> str | int:
    field = Bot._meta.get_field(name)
    value = field.get_default() if isinstance(field, Field) else None
    return value if isinstance(value, int) else str(value or "")


BOT_DEFAULTS = MappingProxyType({name: _default(name) for name in BOT_FIELDS})
"""By the name of the field; an empty text where the field has no default."""
