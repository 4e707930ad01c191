"""Makes the recognizer that the settings name."""

from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from calls.speech.recognizer import Recognizer


def create_recognizer() -> Recognizer:
    """Return the engine that RECOGNIZER names; raise as `recognizer_named` does."""
    return recognizer_named(settings.RECOGNIZER)


@cache
def recognizer_named(name: str) -> Recognizer:
    """Return an engine: one for the whole process.

    Besides the names below, it may be the dotted path of a callable that takes nothing and returns
    a Recognizer; one that says nothing of `is_metered` and `has_interims` counts as neither. Raises
    ImportError where there is none, ValueError where it is not set up.
    """
    create = _ENGINES.get(name) or import_string(name)
    recognizer: Recognizer = create()
    for trait in ("is_metered", "has_interims"):
        if not hasattr(recognizer, trait):
            setattr(recognizer, trait, False)
    return recognizer


def why_not(name: str) -> str:
    """Return why an engine can hear nobody, in a sentence for operator and editor, or "".

    As far as the settings tell: credentials are tried when a call needs them.
    """
    is_set_up = settings.GOOGLE_CLOUD_PROJECT or settings.GOOGLE_SPEECH_ENDPOINT
    if name == "google" and not is_set_up:
        return "Google Speech-to-Text is not set up on this server: it has no GOOGLE_CLOUD_PROJECT."
    return ""


def _offline() -> Recognizer:
    from calls.speech.offline import OfflineRecognizer

    return OfflineRecognizer(processes=settings.OFFLINE_PROCESSES)


def _google() -> Recognizer:
    # Here, because this import takes more than a second.
    from calls.speech.google import GoogleRecognizer

    return GoogleRecognizer(
        project=settings.GOOGLE_CLOUD_PROJECT,
        location=settings.GOOGLE_SPEECH_LOCATION,
        model=settings.GOOGLE_SPEECH_MODEL,
        endpoint=settings.GOOGLE_SPEECH_ENDPOINT,
    )


_ENGINES = {"offline": _offline, "google": _google}
