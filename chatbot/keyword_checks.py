"""Will callers be heard when they say a keyword? Asked of whoever the settings name."""

from collections.abc import Callable, Iterable

from django.conf import settings
from django.utils.module_loading import import_string

from chatbot.models import Bot

# (text, BCP-47 language, (word, phones) pairs) -> sentences for the editor
KeywordCheck = Callable[[str, str, list[tuple[str, str]]], list[str]]


def keyword_problems(bot: Bot, texts: Iterable[str]) -> list[str]:
    """Return what the checks of CHATBOT_KEYWORD_CHECKS find, each sentence once.

    Raises ImportError where the setting names a check that does not exist.
    """
    checks: list[KeywordCheck] = [import_string(path) for path in settings.CHATBOT_KEYWORD_CHECKS]
    if not checks:
        return []
    pronunciations = list(bot.pronunciations.values_list("word", "phones"))
    problems = [
        problem
        for text in texts
        for check in checks
        for problem in check(text, bot.language, pronunciations)
    ]
    return list(dict.fromkeys(problems))
