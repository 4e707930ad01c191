"""Does a bot whose answers come from elsewhere keep intents that nobody gets to? Pure."""

from collections.abc import Iterator

from chatbot.bot_checks.places import of_bot
from chatbot.bot_checks.problem import Problem, Severity
from chatbot.hearing import Hearing
from chatbot.script import Script


def find(script: Script, hearing: Hearing) -> Iterator[Problem]:
    """Find intents that are never used, and a chatbot that tells the recognizer no words."""
    if script.remote is None:
        return
    if script.intents:
        yield Problem(
            Severity.WARNING,
            of_bot("answers come from", "id_backend"),
            f"The answers come from a chatbot elsewhere, and this bot has {len(script.intents)} "
            "intents of its own.",
            "Callers never get their replies; nothing else is wrong with that.",
            "Delete the intents, or have the answers come from them.",
        )
    if hearing.only_expected:
        yield Problem(
            Severity.ERROR,
            of_bot("answers come from", "id_backend"),
            "The speech recognizer of this server hears only words that it expects, and a "
            "chatbot elsewhere does not tell which these are.",
            "Callers are not heard at all.",
            "Have your administrator choose another recognizer (the setting RECOGNIZER).",
        )
