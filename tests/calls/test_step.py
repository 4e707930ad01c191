"""How Twilio is to speak for a bot."""

from dataclasses import replace

import pytest

from calls.step import voice_of
from chatbot.manner import Manner
from chatbot.script import Script
from tests.calls.test_session import SCRIPT

LINES = pytest.mark.parametrize("streams", [False, True])


def bot(voice: str, *, streams: bool) -> Script:
    return replace(SCRIPT, voice=voice, streams=streams)


@LINES
@pytest.mark.parametrize("voice", ["Polly.Joanna", "Google.en-US-Standard-A", "woman"])
def test_voice_of_twilio_is_asked_for(voice: str, *, streams: bool) -> None:
    """Also for a bot that mostly speaks for itself."""
    assert voice_of(bot(voice, streams=streams)).name == voice


@LINES
@pytest.mark.parametrize("voice", ["pico", "en-US-Chirp3-HD-Kore"])
def test_voice_that_twilio_does_not_know_gives_way_to_its_default(
    voice: str, *, streams: bool
) -> None:
    """It may be left from the line that the bot had before; Twilio would not say a word in it."""
    assert voice_of(bot(voice, streams=streams)).name == ""
    assert voice_of(bot("Polly.Joanna", streams=streams), Manner(voice=voice)).name == ""
