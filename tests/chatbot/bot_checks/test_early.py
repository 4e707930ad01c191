"""Bots that are to answer early."""

from chatbot.bot_checks import Severity, early
from chatbot.hearing import Hearing
from tests.chatbot.bots import make_script


def test_recognizer_that_tells_words_early() -> None:
    """There is nothing to say."""
    assert list(early.find(make_script(answers_early=True), Hearing())) == []


def test_recognizer_that_tells_them_at_the_end_of_a_sentence() -> None:
    """The editor learns that nothing comes of it."""
    (problem,) = early.find(make_script(answers_early=True), Hearing(interims=False))
    assert problem.severity is Severity.WARNING
    assert problem.place.anchor == "id_answers_early"


def test_bot_that_waits_for_the_end() -> None:
    """Any recognizer tells it."""
    assert list(early.find(make_script(), Hearing(interims=False))) == []
