"""Bots with a second recognizer."""

from chatbot.bot_checks import Severity, second
from chatbot.hearing import Hearing
from tests.chatbot.bots import make_script


def only_offline(name: str) -> str:
    """Know one engine."""
    return "" if name == "offline" else f"There is no “{name}”."


def test_second_recognizer_that_can_take_over() -> None:
    """There is nothing to say."""
    script = make_script(second_recognizer="offline")
    assert list(second.find(script, Hearing(recognizer_check=only_offline))) == []


def test_second_recognizer_that_could_hear_nobody() -> None:
    """The editor learns it before the first one fails."""
    script = make_script(second_recognizer="google")
    (problem,) = second.find(script, Hearing(recognizer_check=only_offline))
    assert problem.severity is Severity.WARNING
    assert problem.what == "There is no “google”."
    assert problem.place.anchor == "id_second_recognizer"


def test_bot_without_a_second_recognizer() -> None:
    """None is looked at."""
    assert list(second.find(make_script(), Hearing(recognizer_check=only_offline))) == []
