"""Can the bot answer as early as it is told to? Pure."""

from collections.abc import Iterator

from chatbot.bot_checks.places import of_bot
from chatbot.bot_checks.problem import Problem, Severity
from chatbot.hearing import Hearing
from chatbot.script import Script


def find(script: Script, hearing: Hearing) -> Iterator[Problem]:
    """Find early answers where the recognizer tells no words early."""
    if script.answers_early and not hearing.interims:
        yield Problem(
            Severity.WARNING,
            of_bot("early answers", "id_answers_early"),
            "The speech recognizer of this server tells no words before the end of a sentence.",
            "Nothing is answered early.",
            "Have your administrator choose another recognizer (the setting RECOGNIZER), or turn "
            "early answers off.",
        )
