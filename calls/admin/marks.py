"""Quiet marks on the time line of a call: its media streams, and long silences."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from calls.admin.entries import Entry
from calls.models import Stream, Turn

SILENCE = timedelta(seconds=10)
"""So long nobody says anything before it is worth a mark."""

_LETTERS_A_SECOND = 14.0
"""About how fast a voice reads, where it is not on record how long it took."""

ORDINARY_ENDS = frozenset({"the call ended", ""})
"""Why a stream closes that need not be told."""

_REASONS = {"stream-stopped": "Twilio stopped it"}
"""What Twilio reports by a name of its own, in the words that the media socket has for it."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that is neither said nor a fault; `id` tells it from the others of the call."""

    id: str
    at: datetime
    text: str


def marks_of(found: Sequence[Entry], streams: Iterable[Stream]) -> list[Mark]:
    """Return the marks of a call in the order of time; its turns come in their order."""
    marks = [*_silences(found), *(mark for stream in streams for mark in _of_stream(stream))]
    return sorted(marks, key=lambda mark: (mark.at, mark.id))


def _of_stream(stream: Stream) -> Iterator[Mark]:
    if stream.opened_at is None:
        if stream.closed_at is not None:
            text = "A media stream was never opened"
            yield Mark(f"{stream.name}-unopened", stream.issued_at, text)
        return
    yield Mark(f"{stream.name}-opened", stream.opened_at, "Media stream opened")
    if stream.closed_at is not None and stream.close_reason not in ORDINARY_ENDS:
        reason = _REASONS.get(stream.close_reason, stream.close_reason)
        text = f"Media stream closed: {reason}"
        yield Mark(f"{stream.name}-closed", stream.closed_at, text)


def _silences(found: Sequence[Entry]) -> Iterator[Mark]:
    """Yield the pauses between turns that are longer than what was said before them took."""
    for entry, following in pairwise(found):
        ended = entry.turn.at + _spoken(entry.turn)
        silence = following.turn.at - ended
        if silence >= SILENCE:
            text = f"{silence.seconds} s in which nobody was heard to speak"
            yield Mark(f"silence-{entry.turn.number}", ended, text)


def _spoken(turn: Turn) -> timedelta:
    """Return how long the bot took to say a turn; a caller's is on record when it was over."""
    if turn.role == Turn.Role.CALLER:
        return timedelta()
    for known in (turn.heard_ms, turn.audio_ms):
        if known is not None:
            return timedelta(milliseconds=known)
    return timedelta(seconds=len(turn.plain_text) / _LETTERS_A_SECOND)
