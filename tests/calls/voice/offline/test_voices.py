"""Which offline voice speaks what."""

import pytest

from calls.voice.offline.voices import VOICES, OfflineVoice, choose
from calls.voice.synthesizer import SynthesizerRefused


@pytest.mark.parametrize(
    ("language", "voice"),
    [("en-US", "hibari"), ("EN", "hibari"), ("de-AT", "pico"), ("nl-NL", "espeak")],
)
def test_best_voice_of_the_language_speaks(language: str, voice: str) -> None:
    """Neural before small, small before mechanical."""
    assert choose(language, "", VOICES).name == voice


def test_named_voice_speaks() -> None:
    """Also where another is better."""
    assert choose("en-GB", "pico", VOICES).name == "pico"


def test_next_best_speaks_where_the_best_is_not_installed() -> None:
    """Whatever is there is used."""
    assert choose("en-US", "", VOICES[1:]).name == "pico"


def test_unknown_voice_is_refused() -> None:
    """The message names those that there are."""
    with pytest.raises(SynthesizerRefused, match=r"“Polly\.Joanna”.*hibari, pico, espeak"):
        choose("en-US", "Polly.Joanna", VOICES)


def test_language_that_the_named_voice_does_not_speak_is_refused() -> None:
    """English sounds for Dutch words help nobody."""
    with pytest.raises(SynthesizerRefused, match="“hibari” does not speak the language “nl-NL”"):
        choose("nl-NL", "hibari", VOICES)


def test_language_that_no_voice_speaks_is_refused() -> None:
    """The message says what would help."""
    with pytest.raises(SynthesizerRefused, match=r"“nl-NL”.*make voice.*SYNTHESIZER=google"):
        choose("nl-NL", "", VOICES[:1])


def test_voice_whose_package_is_absent_is_not_installed() -> None:
    """Found without importing it."""
    assert not OfflineVoice("x", "no-such-package", "no_such_package_at_all").is_installed
