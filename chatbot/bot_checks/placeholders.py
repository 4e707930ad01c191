"""Is there something to put in the place of every placeholder? Pure."""

from collections.abc import Iterator

from chatbot.bot_checks.places import names_in, rows, texts
from chatbot.bot_checks.problem import Problem, Severity
from chatbot.hearing import Hearing
from chatbot.patterns import PatternError, parse, placeholders
from chatbot.script import Script


def find(script: Script, hearing: Hearing) -> Iterator[Problem]:
    """Find placeholders that no keyword captures, and those in texts that are said as they are."""
    captured = _captured(script)
    for row in rows(script):
        for name in names_in(row.said):
            if name not in captured:
                yield Problem(
                    Severity.ERROR,
                    row.place,
                    f"Nothing is ever put in the place of {{{name}}}: no keyword has such a blank.",
                    "Callers hear a gap there.",
                    f"Write a keyword with the blank {{{name}}}, or take it out here.",
                )
    for text in texts(script):
        for name in placeholders(text.text):
            if text.is_filled and name not in captured:
                yield Problem(
                    Severity.ERROR,
                    text.place,
                    f"Nothing is ever put in the place of {{{name}}}: no keyword has such a blank.",
                    "Callers hear a gap there.",
                    f"Write a keyword with the blank {{{name}}}, or take it out here.",
                )
            elif not text.is_filled:
                yield Problem(
                    Severity.ERROR,
                    text.place,
                    f"Nothing is put in the place of {{{name}}} in this text.",
                    f"Callers hear “{name}”, as it stands here.",
                    "Write the text without it.",
                )


def _captured(script: Script) -> set[str]:
    """Return the names of all blanks in keywords."""
    names: set[str] = set()
    for intent in script.intents:
        for keyword in intent.keywords:
            if "{" in keyword:
                try:
                    names.update(blank.name for blank in parse(keyword).blanks)
                except PatternError:
                    continue  # a problem of its own: see `chatbot.bot_checks.readable`
    return names
