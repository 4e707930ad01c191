"""The state machine of one call on one media stream: events in, actions out. Pure.

It decides; `calls.session` carries out, and reports back what came of it. Timers arrive
as events too, so every course of a call can be played in a test without a clock.
"""

import logging
from collections import deque
from dataclasses import dataclass
from enum import Enum

from chatbot.answers import Answer
from chatbot.listening import Listening

logger = logging.getLogger(__name__)


class Then(Enum):
    """What becomes of the call after an answer."""

    LISTEN = "listen"
    END = "end"
    TRANSFER = "transfer"
    """It is connected to somebody else, and comes back only if nobody answers there."""


# --- Events: what happened ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SpeechHeard:
    """The caller is speaking."""


@dataclass(frozen=True, slots=True)
class UtteranceHeard:
    """The caller has said something; `heard_at` is `time.monotonic()` of the final transcript."""

    text: str
    confidence: float | None
    heard_at: float


@dataclass(frozen=True, slots=True)
class AnswerDecided:
    """The answer to the utterance in hand is on record; `then` is what becomes of the call."""

    turn_id: int
    answer: Answer
    heard_at: float
    then: "Then"


@dataclass(frozen=True, slots=True)
class AnsweredElsewhere:
    """The utterance in hand was answered when the call asked what to do."""


@dataclass(frozen=True, slots=True)
class AnswerSent:
    """Twilio took the answer and is speaking it, for about `seconds`."""

    seconds: float


@dataclass(frozen=True, slots=True)
class AnswerNotSent:
    """The answer did not go out; it stays on record, to be said when the call next asks."""


@dataclass(frozen=True, slots=True)
class HearingFailed:
    """No recognizer can be had: the caller speaks to nobody."""


@dataclass(frozen=True, slots=True)
class TurnFailed:
    """The utterance in hand could not be recorded or answered."""


@dataclass(frozen=True, slots=True)
class GoodbyeOverdue:
    """The call should have ended by itself after the goodbye, and has not."""


@dataclass(frozen=True, slots=True)
class StreamEnded:
    """The media stream is gone; the call may be over, or may have lost it."""

    reason: str


@dataclass(frozen=True, slots=True)
class StreamReplaced:
    """The call opened another stream, which goes on from here."""


@dataclass(frozen=True, slots=True)
class CallEnded:
    """Twilio says that the call is over."""


Event = (
    SpeechHeard
    | UtteranceHeard
    | AnswerDecided
    | AnsweredElsewhere
    | AnswerSent
    | AnswerNotSent
    | HearingFailed
    | TurnFailed
    | GoodbyeOverdue
    | StreamEnded
    | StreamReplaced
    | CallEnded
)


# --- Actions: what to do about it -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NoteSpeech:
    """Put on record that the caller is speaking, so that he is not asked whether he is there."""


@dataclass(frozen=True, slots=True)
class TakeTurn:
    """Record the utterance and decide its answer; report AnswerDecided or TurnFailed."""

    utterance: UtteranceHeard


@dataclass(frozen=True, slots=True)
class RecordTurn:
    """Record the utterance; nobody is left to be answered."""

    utterance: UtteranceHeard


@dataclass(frozen=True, slots=True)
class Listen:
    """Hear the caller's next turn."""

    listening: Listening


@dataclass(frozen=True, slots=True)
class StopListening:
    """Hear no more; what was said and is not final is dropped."""


@dataclass(frozen=True, slots=True)
class SendAnswer:
    """Send the answer to the caller; report AnswerSent, AnswerNotSent or CallEnded."""

    answer: AnswerDecided


@dataclass(frozen=True, slots=True)
class Apologise:
    """Record the apology and send it as the last answer; report as SendAnswer does."""


@dataclass(frozen=True, slots=True)
class ExpectEnd:
    """Report GoodbyeOverdue where the call has not ended in so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class EndCall:
    """End the call through Twilio's API."""


class Fate(Enum):
    """What becomes of the call when its session ends."""

    OVER = "over"
    ELSEWHERE = "elsewhere"
    """Another stream, with a session of its own, has taken over."""
    UNKNOWN = "unknown"
    """It may be over, or may have lost its stream, and then it is told to ask what to do now."""


@dataclass(frozen=True, slots=True)
class Leave:
    """Hear out what is not yet final, close the stream and end the session."""

    reason: str
    fate: Fate


Action = (
    NoteSpeech
    | TakeTurn
    | RecordTurn
    | Listen
    | StopListening
    | SendAnswer
    | Apologise
    | ExpectEnd
    | EndCall
    | Leave
)

TRANSFERRED = "the call was transferred"

GRACE_SECONDS = 10.0
"""How much longer than its goodbye a call may last before it is ended through the API."""


class Phase(Enum):
    """Where a conversation stands."""

    LISTENING = "listening"
    ANSWERING = "answering"
    """An utterance is in hand: being recorded, answered, or its answer being sent."""
    PARTING = "parting"
    """The last words are decided; only the end of the call is awaited."""
    TRANSFERRING = "transferring"
    """The caller is about to be connected to somebody else, and no more is heard of him here."""
    LEFT = "left"
    """Nothing more is done, but for the caller's last words, which are recorded."""


class Conversation:
    """One caller, one bot, one media stream. `name` stands in the log."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._phase = Phase.LISTENING
        self._waiting: deque[UtteranceHeard] = deque()
        self._last_words_sent = False

    @property
    def phase(self) -> Phase:
        return self._phase

    def _enter(self, phase: Phase) -> None:
        logger.debug("%s: %s -> %s", self._name, self._phase.value, phase.value)
        self._phase = phase

    def receive(self, event: Event) -> list[Action]:
        """Take one event; return what is to be done, in this order."""
        match event:
            case UtteranceHeard():
                return self._utterance(event)
            case SpeechHeard() if self._phase in {Phase.LISTENING, Phase.ANSWERING}:
                return [NoteSpeech()]
            case AnswerDecided() if self._phase is Phase.ANSWERING:
                return self._answer(event)
            case AnswerSent() if self._phase is Phase.PARTING:
                self._last_words_sent = True
                return [ExpectEnd(event.seconds + GRACE_SECONDS)]
            case AnswerSent() if self._phase is Phase.TRANSFERRING:
                return self._leave(TRANSFERRED, Fate.ELSEWHERE)
            case AnswerNotSent() if self._phase is Phase.TRANSFERRING:
                return self._leave("the transfer was not sent", Fate.UNKNOWN)
            case AnswerSent() | AnswerNotSent() | AnsweredElsewhere() if (
                self._phase is Phase.ANSWERING
            ):
                return self._next_utterance()
            case HearingFailed() | TurnFailed() if self._phase in {
                Phase.LISTENING,
                Phase.ANSWERING,
            }:
                return self._part(Apologise())
            case GoodbyeOverdue() if self._phase is Phase.PARTING:
                return [EndCall(), *self._leave("the call did not end by itself", Fate.OVER)]
            case StreamEnded() if self._phase is Phase.TRANSFERRING:
                # Twilio stops the stream as it was told to, before it says so.
                return self._leave(TRANSFERRED, Fate.ELSEWHERE)
            case StreamEnded():
                # A call that was told its last words, and to hang up, takes its stream along.
                is_over = self._phase is Phase.PARTING and self._last_words_sent
                return self._leave(event.reason, Fate.OVER if is_over else Fate.UNKNOWN)
            case StreamReplaced():
                return self._leave("another stream took over", Fate.ELSEWHERE)
            case CallEnded():
                return self._leave("the call ended", Fate.OVER)
        return []

    def _utterance(self, event: UtteranceHeard) -> list[Action]:
        match self._phase:
            case Phase.LISTENING:
                self._enter(Phase.ANSWERING)
                return [TakeTurn(event)]
            case Phase.ANSWERING:
                self._waiting.append(event)
                return []
            case Phase.PARTING | Phase.TRANSFERRING | Phase.LEFT:
                return [RecordTurn(event)]

    def _answer(self, event: AnswerDecided) -> list[Action]:
        match event.then:
            case Then.END:
                return self._part(SendAnswer(event))
            case Then.TRANSFER:
                self._enter(Phase.TRANSFERRING)
                return [StopListening(), *self._record_waiting(), SendAnswer(event)]
            case Then.LISTEN:
                # The answer first: the caller waits for it, and what he says meanwhile is kept.
                return [SendAnswer(event), Listen(event.answer.listening)]

    def _next_utterance(self) -> list[Action]:
        if self._waiting:
            return [TakeTurn(self._waiting.popleft())]
        self._enter(Phase.LISTENING)
        return []

    def _part(self, last_words: SendAnswer | Apologise) -> list[Action]:
        self._enter(Phase.PARTING)
        return [
            StopListening(),
            *self._record_waiting(),
            last_words,
            # Holds whatever becomes of the last words, until it is known how long they take.
            ExpectEnd(GRACE_SECONDS * 3),
        ]

    def _leave(self, reason: str, fate: Fate) -> list[Action]:
        if self._phase is Phase.LEFT:
            return []
        self._enter(Phase.LEFT)
        return [*self._record_waiting(), Leave(reason, fate)]

    def _record_waiting(self) -> list[Action]:
        waiting: list[Action] = [RecordTurn(utterance) for utterance in self._waiting]
        self._waiting.clear()
        return waiting
