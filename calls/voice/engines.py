"""Makes the synthesizer that the settings name."""

from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from calls.voice.offline.voices import INSTALL, choose, installed
from calls.voice.synthesizer import Synthesizer, SynthesizerRefused


@cache
def create_synthesizer() -> Synthesizer | None:
    """Return the engine that SYNTHESIZER names: one for the whole process, or None without one.

    Besides the names below, SYNTHESIZER may be the dotted path of a callable that takes nothing
    and returns a Synthesizer. Raises ImportError where there is none.
    """
    if why_none():
        return None
    create = _ENGINES.get(settings.SYNTHESIZER) or import_string(settings.SYNTHESIZER)
    synthesizer: Synthesizer = create()
    return synthesizer


def why_none() -> str:
    """Return why there is no synthesizer, in sentences for operator and editor; "" with one."""
    if settings.SYNTHESIZER == "none":
        return "The server has no voice engine: SYNTHESIZER is none."
    if settings.SYNTHESIZER == "offline" and not installed():
        return f"The server has no voice engine: no offline voice is installed. {INSTALL}."
    return ""


def why_not_in(language: str, voice: str) -> str:
    """Return why a language cannot be spoken in a voice, in a sentence for the editor, or "".

    As far as it is known without trying: of the voices of other engines than the offline ones
    nothing is. An empty `voice` is the best there is.
    """
    if settings.SYNTHESIZER != "offline":
        return ""
    try:
        choose(language, voice, installed())
    except SynthesizerRefused as refusal:
        return f"{refusal}."
    return ""


def voice_for(language: str, voice: str) -> str:
    """Return the name of the voice that speaks a language where `voice` is asked for, or "".

    It is known where a voice is asked for, and where the offline voices leave one to choose.
    """
    if voice or settings.SYNTHESIZER != "offline" or why_not_in(language, voice):
        return voice
    return choose(language, voice, installed()).name


def _offline() -> Synthesizer:
    from calls.voice.offline.synthesizer import OfflineSynthesizer

    return OfflineSynthesizer(processes=settings.OFFLINE_PROCESSES)


def _google() -> Synthesizer:
    # Here, because this import takes more than a second.
    from calls.voice.google import GoogleSynthesizer

    return GoogleSynthesizer(
        location=settings.GOOGLE_TTS_LOCATION, endpoint=settings.GOOGLE_TTS_ENDPOINT
    )


_ENGINES = {"offline": _offline, "google": _google}
