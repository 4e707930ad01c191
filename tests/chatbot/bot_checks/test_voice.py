"""Bots that are to speak with audio of our own."""

from chatbot.bot_checks import Severity, voice
from chatbot.hearing import Hearing
from tests.chatbot.bots import make_script


def test_voice_that_can_be_had() -> None:
    """There is nothing to say."""
    assert list(voice.find(make_script(streams=True), Hearing())) == []


def test_voice_that_cannot_be_had() -> None:
    """The editor learns why, and what callers hear instead."""
    (problem,) = voice.find(make_script(streams=True), Hearing(mute="No engine is installed."))
    assert problem.severity is Severity.WARNING
    assert problem.what == "No engine is installed."
    assert problem.place.anchor == "id_line"


def test_bot_that_does_not_want_one() -> None:
    """It has the voices of the telephone service."""
    assert list(voice.find(make_script(), Hearing(mute="No engine is installed."))) == []
