"""The admin pages on which an editor writes a bot, one file for each."""

from chatbot.admin import (
    bot,
    bot_file_page,
    checks_page,
    history_page,
    intent,
    rehearsal,
    rehearsals_page,
    try_it,
)

__all__ = [
    "bot",
    "bot_file_page",
    "checks_page",
    "history_page",
    "intent",
    "rehearsal",
    "rehearsals_page",
    "try_it",
]
