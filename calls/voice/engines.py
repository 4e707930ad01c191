"""Makes the synthesizer that the settings name."""

from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from calls.voice.synthesizer import Synthesizer


@cache
def create_synthesizer() -> Synthesizer | None:
    """Return the engine that SYNTHESIZER names: one for the whole process, or None."""
    if "." not in settings.SYNTHESIZER:
        return None
    synthesizer: Synthesizer = import_string(settings.SYNTHESIZER)()
    return synthesizer
