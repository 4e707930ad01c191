"""Can every keyword be read? Pure."""

from collections.abc import Iterator

from chatbot.bot_checks.places import of_keyword
from chatbot.bot_checks.problem import Problem, Severity
from chatbot.hearing import Hearing
from chatbot.normalise import normalise
from chatbot.patterns import PatternError, parse
from chatbot.script import Script


def find(script: Script, hearing: Hearing) -> Iterator[Problem]:
    """Find keywords that came past the form which refuses them, such as by an import."""
    for intent in script.intents:
        for index, keyword in enumerate(intent.keywords):
            what = _fault(keyword)
            if what:
                yield Problem(
                    Severity.ERROR,
                    of_keyword(intent, index),
                    what,
                    "Whatever callers say, this keyword is not recognised.",
                    "Correct the keyword, or delete it.",
                )


def _fault(keyword: str) -> str:
    if "{" not in keyword and "}" not in keyword:
        return "" if normalise(keyword) else "The keyword has no word in it."
    try:
        parse(keyword)
    except PatternError as error:
        return str(error)
    return ""
