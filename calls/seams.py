"""What a listener reports of itself, as it stands on the record of the call."""

from dataclasses import dataclass

from calls.models import CallEvent
from calls.speech.listener import (
    EngineChanged,
    GaveUp,
    ListenerEvent,
    Reopened,
    Rotated,
)


@dataclass(frozen=True, slots=True)
class Seam:
    """A seam of the recognition; `ms` are of audio heard again, or of the stream that ended."""

    kind: CallEvent.Kind
    detail: str = ""
    ms: int | None = None


def seam_of(event: ListenerEvent) -> Seam | None:
    """Return how an event is recorded; None where it is what a caller said, or nothing to tell."""
    match event:
        case Reopened(reason, ms):
            return Seam(CallEvent.Kind.REOPENED, reason, ms)
        case Rotated(_, ms):
            return Seam(CallEvent.Kind.ROTATED, ms=ms)
        case EngineChanged(engine, reason, ms):
            return Seam(CallEvent.Kind.ENGINE_CHANGED, f"{engine}: {reason}", ms)
        case GaveUp(error):
            return Seam(CallEvent.Kind.DEAF, str(error))
    return None
