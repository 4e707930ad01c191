"""Which line a new call gets: how its caller hears us."""

import logging

from calls.models import Call
from calls.voice.engines import create_synthesizer
from chatbot.script import Script

logger = logging.getLogger(__name__)


def line_of(script: Script) -> Call.Line:
    """Return the line that the bot asks for, or `say` where no synthesizer is there."""
    if not script.streams:
        return Call.Line.SAY
    if create_synthesizer() is None:
        logger.error("No synthesizer is there: the telephone service speaks for %s", script.name)
        return Call.Line.SAY
    return Call.Line.STREAM
