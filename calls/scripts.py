"""Which script a call follows."""

import logging

from chatbot.loader import bot_id_of, default_bot_id, load_script
from chatbot.models import Bot
from chatbot.script import Script

logger = logging.getLogger(__name__)


class NoBot(Exception):
    """There is no bot to answer the call."""


def bot_id_for(sid: str, asked_for: int | None, number: str) -> int | None:
    """Return which bot answers a call: the one asked for by its id, else that of the number.

    None where there is no bot at all.
    """
    if asked_for is not None:
        if Bot.objects.filter(pk=asked_for).exists():
            return asked_for
        logger.warning("%s: there is no bot %d, so the number decides", sid, asked_for)
    return bot_id_of(number)


def bot_script(bot_id: int | None) -> Script:
    """Return a bot's script, or the default bot's where there is no such bot any more.

    Raises NoBot where there is none at all.
    """
    if bot_id is not None:
        try:
            return load_script(bot_id)
        except Bot.DoesNotExist:
            logger.warning("A call's bot was deleted; the default bot goes on")
    default_id = default_bot_id()
    if default_id is None:
        raise NoBot
    return load_script(default_id)
