"""Bots that are to speak with audio of our own."""

from chatbot.bot_checks import Severity, voice
from chatbot.hearing import Hearing
from chatbot.manner import Manner
from chatbot.script import ScriptReply
from tests.chatbot.bots import make_intent, make_script


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


def only_kore(language: str, voice: str) -> str:
    """Know one voice."""
    return "" if voice in {"", "Kore"} else f"There is no voice “{voice}”."


def test_voice_that_does_not_exist() -> None:
    """All that the bot says would be said by others."""
    script = make_script(streams=True, voice="Cory")
    (problem,) = voice.find(script, Hearing(voice_check=only_kore))
    assert problem.what == "There is no voice “Cory”."
    assert problem.place.anchor == "id_voice"


def test_voice_of_a_reply_that_does_not_exist() -> None:
    """The link leads to the reply."""
    reply = ScriptReply("Hello.", manner=Manner(voice="Cory"))
    script = make_script(make_intent(1, "hello", replies=(reply,)), streams=True, voice="Kore")
    (problem,) = voice.find(script, Hearing(voice_check=only_kore))
    assert (problem.place.intent_id, problem.place.anchor) == (1, "replies-0")


def test_voice_is_no_matter_where_the_telephone_service_speaks() -> None:
    """It knows others."""
    script = make_script(voice="Polly.Joanna")
    assert list(voice.find(script, Hearing(voice_check=only_kore))) == []
