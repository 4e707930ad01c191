"""Which synthesizer the settings name."""

from collections.abc import AsyncIterator, Iterator

import pytest
from django.test import override_settings

from calls.voice import engines
from calls.voice.google import GoogleSynthesizer
from calls.voice.offline.synthesizer import OfflineSynthesizer
from calls.voice.offline.voices import VOICES
from calls.voice.wording import Wording


class OwnSynthesizer:
    """An engine of somebody's own."""

    name = "own"

    async def speak(self, wording: Wording) -> AsyncIterator[bytes]:
        """Say nothing."""
        yield b""

    async def aclose(self) -> None:
        """Nothing is held."""


@pytest.fixture(autouse=True)
def _afresh() -> Iterator[None]:
    """Each test has a process of its own, as it were."""
    engines.create_synthesizer.cache_clear()
    yield
    engines.create_synthesizer.cache_clear()


@override_settings(SYNTHESIZER="google", GOOGLE_TTS_LOCATION="eu")
def test_google_speaks_where_it_is_named() -> None:
    """At the location and endpoint of its settings."""
    synthesizer = engines.create_synthesizer()
    assert isinstance(synthesizer, GoogleSynthesizer)
    assert synthesizer._channels.address == "eu-texttospeech.googleapis.com"


@override_settings(SYNTHESIZER="offline")
def test_offline_voices_speak_where_they_are_installed(offline_voices: None) -> None:
    """One engine for the whole process."""
    synthesizer = engines.create_synthesizer()
    assert isinstance(synthesizer, OfflineSynthesizer)
    assert engines.create_synthesizer() is synthesizer
    assert engines.why_none() == ""


@override_settings(SYNTHESIZER="offline")
def test_nobody_speaks_where_no_offline_voice_is_installed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The sentence says what to do."""
    monkeypatch.setattr(engines, "installed", tuple)
    assert engines.create_synthesizer() is None
    assert "make voice" in engines.why_none()


@override_settings(SYNTHESIZER="none")
def test_nobody_speaks_where_the_operator_wants_none() -> None:
    """The sentence names the setting."""
    assert engines.create_synthesizer() is None
    assert "SYNTHESIZER is none" in engines.why_none()


@override_settings(SYNTHESIZER=f"{__name__}.OwnSynthesizer")
def test_engine_of_ones_own() -> None:
    """By its dotted path."""
    synthesizer = engines.create_synthesizer()
    assert synthesizer is not None
    assert synthesizer.name == "own"


@override_settings(SYNTHESIZER="offline")
@pytest.mark.parametrize(
    ("language", "voice", "why"),
    [
        ("en-US", "", ""),
        ("en-US", "pico", ""),
        ("en-US", "Nobody", "There is no offline voice “Nobody”."),
        ("nl-NL", "pico", "“pico” does not speak the language “nl-NL”."),
    ],
)
def test_voice_that_cannot_speak_is_known_before_it_is_to(
    language: str, voice: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sentence is whole."""
    monkeypatch.setattr(engines, "installed", lambda: VOICES)
    found = engines.why_not_in(language, voice)
    assert why[:-1] in found
    assert found.endswith(".") == bool(why)


@override_settings(SYNTHESIZER="google")
def test_voices_of_other_engines_are_not_known() -> None:
    """They are asked when something is to be said."""
    assert engines.why_not_in("en-US", "Nobody") == ""


@override_settings(SYNTHESIZER="offline")
@pytest.mark.parametrize(
    ("language", "voice", "speaks"),
    [
        ("en-US", "", "hibari"),
        ("de-DE", "", "pico"),
        ("nl-NL", "", "espeak"),
        ("en-US", "pico", "pico"),
        ("en-US", "Nobody", "Nobody"),
    ],
)
def test_voice_that_the_offline_voices_choose_is_known(
    language: str, voice: str, speaks: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever listens wants to know whom he hears."""
    monkeypatch.setattr(engines, "installed", lambda: VOICES)
    assert engines.voice_for(language, voice) == speaks


@override_settings(SYNTHESIZER="google")
def test_choice_of_other_engines_is_not_known() -> None:
    """It is theirs."""
    assert engines.voice_for("en-US", "") == ""
