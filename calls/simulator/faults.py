"""Faults on demand: what a network, Twilio or a stranger may do to a server."""

import json
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

CallbackFault = Literal["drop", "double", "hold"]
"""What happens to a status callback: lost, sent twice, or sent behind the one after it."""


@dataclass(frozen=True, slots=True)
class RestFault:
    """What happens to one REST request.

    `status` is the HTTP status it is refused with; None lets it through.
    `delay` is how many seconds its answer waits.
    `applied` tells whether the call is changed before that wait, or (with a refusal) at all.
    """

    status: int | None = None
    delay: float = 0.0
    applied: bool = False

    @classmethod
    def refuse(cls, status: int) -> "RestFault":
        """Answer with an HTTP error: 429 (too many requests), 500 and the like."""
        return cls(status=status)

    @classmethod
    def hang(cls, seconds: float) -> "RestFault":
        """Let the client wait; the change is never made, the answer is an error 500."""
        return cls(status=500, delay=seconds)

    @classmethod
    def apply_then_hang(cls, seconds: float) -> "RestFault":
        """Make the change, but let the client wait for the answer."""
        return cls(delay=seconds, applied=True)


@dataclass(slots=True)
class Faults:
    """Faults that are to come; each queue is used up from its front, by all calls together."""

    rest: deque[RestFault] = field(default_factory=deque)
    """For each request that changes a call."""
    messages: deque[RestFault] = field(default_factory=deque)
    """For each request that sends a text message; `applied` then tells whether it is sent."""
    status_callbacks: deque[CallbackFault | None] = field(default_factory=deque)
    stream_openings: deque[Sequence[str | bytes]] = field(default_factory=deque)
    """For each stream to be opened, frames that are sent before its `start` message."""
    cut_after_frames: deque[int | None] = field(default_factory=deque)
    """For each stream to be opened, after how many frames its TCP connection breaks."""
    refused_streams: deque[int | None] = field(default_factory=deque)
    """For each stream to be opened, the number of the Twilio error for which it is not."""
    lost_marks: bool = False
    """Whether no mark comes back."""
    mark_delay: float = 0.0
    """How many seconds late marks come back."""
    streams_end_on_update: bool = False
    """Whether a REST update also ends streams that run in the background."""
    dial_action_comes_last: bool = False
    """Whether the action of a Dial, whose caller has hung up, is requested behind the report of
    the call's end. They are separate requests, and Twilio promises no order."""
    lost_stream_ends_call: bool = False
    """Whether a call ends when the TCP connection of its Connect stream breaks."""


BINARY_FRAME: Final = b"\x00\xff\x80 not a message"
BROKEN_JSON: Final = '{"event":"media","media":{'
UNKNOWN_EVENT: Final = json.dumps({"event": "teleport", "sequenceNumber": "9", "streamSid": "MZ0"})


def foreign_media(stream_sid: str = "MZ" + 32 * "0") -> str:
    """A media message of another stream; also of use before `start`."""
    return json.dumps(
        {
            "event": "media",
            "sequenceNumber": "1",
            "media": {"track": "inbound", "chunk": "1", "timestamp": "20", "payload": "/w=="},
            "streamSid": stream_sid,
        }
    )


def huge_message(size: int) -> str:
    """A well-formed media message of at least so many bytes."""
    return foreign_media().replace("/w==", "/" * (size // 4 * 4))
