"""Which engine speaks on this server."""

from functools import cache

from django.utils.module_loading import import_string

from calls.voice.synthesizer import Synthesizer


def create_synthesizer() -> Synthesizer | None:
    """Return a voice engine, or None where the server has none."""
    # Here, because engines take a while to be imported.
    try:
        create = import_string("calls.voice.engines.create_synthesizer")
    except ImportError:
        return None
    synthesizer: Synthesizer | None = create()
    return synthesizer


@cache
def engine_name() -> str | None:
    """Return what the engine of this server calls itself, or None where it has none."""
    synthesizer = create_synthesizer()
    return None if synthesizer is None else synthesizer.name
