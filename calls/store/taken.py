"""What the jobs of a live call give back, and how they are refused."""

from dataclasses import dataclass
from datetime import datetime

from chatbot.answers import Answer, Question
from chatbot.listening import FOR_NOTHING, Listening
from chatbot.script import Script
from chatbot.state import State


class StreamReplaced(Exception):
    """Another stream of the call has taken over."""


class StreamRefused(Exception):
    """The stream may not be opened; the message says why, without the token."""


@dataclass(frozen=True, slots=True)
class OpenedStream:
    """A media stream that was let in, and the bot that answers on it."""

    stream_id: int
    call_id: int
    call_sid: str
    stream_sid: str
    name: str
    script: Script
    streams: bool = False
    """Whether the caller hears audio of our own on it."""
    pending: tuple["TakenTurn", ...] = ()
    """What the bot has yet to say on it."""
    context: int | None = None
    """The intent, by id, whose follow-ups are considered at first."""
    listening: Listening = FOR_NOTHING
    """How to listen to the caller at first."""
    began: datetime | None = None
    """When the dialogue began."""
    account_sid: str = ""
    """The account that the call belongs to."""


@dataclass(frozen=True, slots=True)
class TakenTurn:
    """An answer that is on record, the script that gave it, and what it may be followed by.

    `context` is the intent, by id, whose follow-ups are considered next. `heard_id` is the turn
    of the caller that it answers, and `before` where the dialogue stood before that.
    """

    answer_id: int
    answer: Answer
    script: Script
    context: int | None = None
    heard_id: int = 0
    before: State | None = None


@dataclass(frozen=True, slots=True)
class AskedTurn:
    """What the caller said is on record, and somebody elsewhere is to be asked for the answer.

    `number` is that of the caller's turn in the call.
    """

    number: int
    question: Question
    state: State
    script: Script


class AnsweredElsewhere(Exception):
    """The call has gone on meanwhile: the turn was answered when it asked what to do."""


@dataclass(frozen=True, slots=True)
class StreamCounts:
    """What came in on a stream: bytes of audio, and frames that were passed over."""

    audio_bytes: int = 0
    frames_ignored: int = 0
    frames_malformed: int = 0


@dataclass(frozen=True, slots=True)
class Closing:
    """A stream that was closed on record, and whether its call is over."""

    stream_id: int
    call_is_over: bool
