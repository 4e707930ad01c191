"""What would disappoint the callers of a bot, found without a call: one file for each check.

Pure: imports neither Django nor asyncio. A new check is a file with a function `find`, and a
line in `CHECKS`.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

from chatbot.bot_checks import (
    complete,
    early,
    expectations,
    follow_ups,
    hidden,
    jumps,
    keys,
    lengths,
    opening_hours,
    placeholders,
    readable,
    recognizer,
    remote,
    second,
    transfers,
    voice,
)
from chatbot.bot_checks.problem import Place, Problem, Severity
from chatbot.hearing import Hearing
from chatbot.script import Script

__all__ = ["CHECKS", "Check", "Place", "Problem", "Severity", "find_problems"]

Check = Callable[[Script, Hearing], Iterator[Problem]]

CHECKS: tuple[Check, ...] = (
    opening_hours.find,
    voice.find,
    transfers.find,
    placeholders.find,
    lengths.find,
    complete.find,
    readable.find,
    follow_ups.find,
    jumps.find,
    hidden.find,
    keys.find,
    early.find,
    second.find,
    expectations.find,
    recognizer.find,
)
"""What is looked at in every bot, of its intents only where they answer."""


def find_problems(script: Script, hearing: Hearing) -> tuple[Problem, ...]:
    """Return all that the checks find: errors first, then in the order of the bot's page."""
    used = script if script.remote is None else replace(script, intents=())
    problems = [*remote.find(script, hearing)]
    for find in CHECKS:
        problems += find(used, hearing)
    places: dict[int | None, int] = {None: -1}
    places.update((intent.id, place) for place, intent in enumerate(script.intents))
    return tuple(
        sorted(
            problems,
            key=lambda problem: (
                problem.severity is Severity.WARNING,
                places[problem.place.intent_id],
            ),
        )
    )
