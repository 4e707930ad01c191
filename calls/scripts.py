"""Which script a call follows."""

import logging

from chatbot.loader import default_bot_id, load_script
from chatbot.models import Bot
from chatbot.script import Script

logger = logging.getLogger(__name__)


class NoBot(Exception):
    """There is no bot to answer the call."""


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
