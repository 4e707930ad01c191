"""Can the bot speak as it is told to? Pure."""

from collections.abc import Iterator

from chatbot.bot_checks.places import of_bot
from chatbot.bot_checks.problem import Problem, Severity
from chatbot.hearing import Hearing
from chatbot.script import Script


def find(script: Script, hearing: Hearing) -> Iterator[Problem]:
    """Find a bot that is to speak with audio of our own where none can be had."""
    if script.streams and hearing.mute:
        yield Problem(
            Severity.WARNING,
            of_bot("callers hear", "id_line"),
            hearing.mute,
            "Callers hear the voices of the telephone service instead; they cannot interrupt the "
            "bot at once, nor press keys.",
            "Have your administrator install a voice engine, or choose those voices.",
        )
