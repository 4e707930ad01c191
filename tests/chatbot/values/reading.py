"""How the tests of values read: on a Sunday, 22 November 2026."""

import datetime

from chatbot.values import read, spoken

TODAY = datetime.date(2026, 11, 22)


def canonical(kind: str, text: str, language: str) -> str | None:
    """Return the canonical form of a text, or None where it is not of the kind."""
    value = read(kind, text, language, TODAY)
    return None if value is None else value.value


def said_again(kind: str, text: str, language: str) -> str:
    """Return how a reply says what a text was read as."""
    value = read(kind, text, language, TODAY)
    assert value is not None
    return spoken(value, language)
