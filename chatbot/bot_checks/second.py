"""Can the second recognizer take over? Pure."""

from collections.abc import Iterator

from chatbot.bot_checks.places import of_bot
from chatbot.bot_checks.problem import Problem, Severity
from chatbot.hearing import Hearing
from chatbot.script import Script


def find(script: Script, hearing: Hearing) -> Iterator[Problem]:
    """Find a second recognizer that could hear nobody."""
    second = script.second_recognizer
    if second and (why := hearing.recognizer_check(second)):
        yield Problem(
            Severity.WARNING,
            of_bot("second recognizer", "id_second_recognizer"),
            why,
            "Where the first recognizer fails, the telephone service hears callers at once.",
            "Have your administrator set it up, or choose none.",
        )
