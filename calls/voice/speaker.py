"""Which engine speaks on this server."""

from calls.voice.engines import create_synthesizer
from calls.voice.synthesizer import Synthesizer


def own_synthesizer() -> Synthesizer | None:
    """Return an engine for an event loop of one's own, or None; whoever asks for it closes it.

    That of the process belongs to the loop of its live calls.
    """
    return create_synthesizer.__wrapped__()


def engine_name() -> str | None:
    """Return what the engine of this server calls itself, or None where it has none."""
    synthesizer = create_synthesizer()
    return None if synthesizer is None else synthesizer.name
