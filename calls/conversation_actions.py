"""What is to be done in a conversation, as `calls.conversation` decides. Pure."""

from dataclasses import dataclass
from enum import Enum

from calls.conversation_events import AnswerDecided, UtteranceHeard
from calls.turn_taking import Confirmed, Corrected
from chatbot.listening import Listening


@dataclass(frozen=True, slots=True)
class NoteSpeech:
    """Put on record that the caller is speaking, so that he is not asked whether he is there."""


@dataclass(frozen=True, slots=True)
class TakeTurn:
    """Record the utterance and decide its answer; report AnswerDecided or TurnFailed."""

    utterance: UtteranceHeard


@dataclass(frozen=True, slots=True)
class SettleTurn:
    """Record what became of the turn taken early; report AnswerCorrected where it was another."""

    outcome: Confirmed | Corrected


@dataclass(frozen=True, slots=True)
class TakeSilence:
    """Decide what to say to a silent caller; report AnswerDecided or TurnFailed."""


@dataclass(frozen=True, slots=True)
class RecordTurn:
    """Record the utterance without an answer.

    `is_aside` tells that none is wanted, else nobody is left to be answered.
    """

    utterance: UtteranceHeard
    is_aside: bool = False


@dataclass(frozen=True, slots=True)
class Listen:
    """Hear the caller's next turn, expecting these phrases."""

    listening: Listening


@dataclass(frozen=True, slots=True)
class StopListening:
    """Hear no more; what was said and is not final is dropped."""


@dataclass(frozen=True, slots=True)
class SendAnswer:
    """Send the answer to the caller.

    Report AnswerSent, or AnswerHeard where it is audio of our own; else AnswerNotSent or CallEnded.
    """

    answer: AnswerDecided


@dataclass(frozen=True, slots=True)
class StopSpeaking:
    """Cut short what the caller hears of us; report AnswerHeard."""


@dataclass(frozen=True, slots=True)
class ExpectSpeech:
    """Report SilenceElapsed where the caller says nothing for as long as the bot waits."""


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
    ONWARD = "onward"
    """It goes on as soon as the stream is closed, and asks what to do now."""
    DEAF = "deaf"
    """Nobody here can hear the caller: the telephone service is to do it."""
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
    | SettleTurn
    | TakeSilence
    | RecordTurn
    | Listen
    | StopListening
    | SendAnswer
    | StopSpeaking
    | ExpectSpeech
    | Apologise
    | ExpectEnd
    | EndCall
    | Leave
)
