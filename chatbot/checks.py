"""What would disappoint the callers of a bot as it is now."""

from collections.abc import Sequence
from functools import lru_cache

from chatbot.bot_checks import Problem, Severity, find_problems
from chatbot.hearing import Hearing
from chatbot.keyword_checks import hearing
from chatbot.loader import load_script
from chatbot.script import Script


def bot_problems(bot_id: int) -> tuple[Problem, ...]:
    """Return what the checks find, errors first; each version of a bot is checked once.

    Costs what `load_script` costs. Raises Bot.DoesNotExist, and ImportError where a setting
    names a keyword check that does not exist.
    """
    return _find(load_script(bot_id), hearing())


@lru_cache(maxsize=16)
def _find(script: Script, heard: Hearing) -> tuple[Problem, ...]:
    return find_problems(script, heard)


def count(problems: Sequence[Problem]) -> str:
    """Say how many problems there are: “2 errors and 1 warning”."""
    parts = []
    for severity in Severity:
        number = sum(problem.severity is severity for problem in problems)
        if number:
            parts.append(f"{number} {severity}{'s' if number > 1 else ''}")
    return " and ".join(parts) or "nothing found"
