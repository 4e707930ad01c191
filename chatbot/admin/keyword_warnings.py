"""Warnings about keywords in which callers might not be heard."""

import logging
from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpRequest

from chatbot.keyword_checks import keyword_problems
from chatbot.models import Bot

logger = logging.getLogger(__name__)

MAX_WARNINGS = 10


def warn_of_problems(request: HttpRequest, bot: Bot, texts: Iterable[str]) -> None:
    """Tell the editor, and the log, of keywords in which callers might not be heard."""
    problems = keyword_problems(bot, texts)
    for problem in problems[:MAX_WARNINGS]:
        logger.warning("Bot %s: %s", bot.pk, problem)
        messages.warning(request, problem)
    if len(problems) > MAX_WARNINGS:
        more = len(problems) - MAX_WARNINGS
        logger.warning("Bot %s: %s more keyword problems", bot.pk, more)
        messages.warning(request, f"And {more} more warnings of this kind.")
