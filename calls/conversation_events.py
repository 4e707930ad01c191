"""What can happen in a conversation, as `calls.conversation` is told. Pure."""

from dataclasses import dataclass
from enum import Enum

from calls.turn_taking import Confirmed, Corrected
from chatbot.answers import Answer


class Then(Enum):
    """What becomes of the call after an answer."""

    LISTEN = "listen"
    END = "end"
    TRANSFER = "transfer"
    """It is connected to somebody else, and comes back only if nobody answers there."""
    GO_ON = "go-on"
    """It does something without us, such as playing a recording, and then comes back."""


@dataclass(frozen=True, slots=True)
class Begun:
    """The stream is open. `pending` is what the bot has yet to say on it, in its order."""

    pending: "tuple[AnswerDecided, ...]" = ()


@dataclass(frozen=True, slots=True)
class SpeechHeard:
    """The caller is speaking, or keys something in, which counts no words before it is complete.

    `words` counts what interrupts the bot: no “mhm” and the like.
    """

    words: int = 0


@dataclass(frozen=True, slots=True)
class VoiceUnanswered:
    """There is a voice, and the recognizer tells of none: it may be deaf, or the voice a noise."""


KEYS_INTERRUPT = 1000
"""Keys that are pressed count for so many words: they always interrupt."""


@dataclass(frozen=True, slots=True)
class UtteranceHeard:
    """The caller has said something; `heard_at` is `time.monotonic()` of the final transcript.

    `words` counts as that of SpeechHeard does. An early one has no final transcript yet.
    """

    text: str
    confidence: float | None
    heard_at: float
    words: int = 1
    is_early: bool = False


@dataclass(frozen=True, slots=True)
class EarlySettled:
    """The final transcript of the latest early utterance has come."""

    outcome: Confirmed | Corrected


@dataclass(frozen=True, slots=True)
class AnswerDecided:
    """The answer to the utterance in hand is on record; `then` is what becomes of the call.

    `interrupted_by` is how many words of the caller stop it, 0: any sound of a voice; None where
    nothing does.
    """

    turn_id: int
    answer: Answer
    heard_at: float
    then: "Then"
    interrupted_by: int | None = 1


@dataclass(frozen=True, slots=True)
class AnswerCorrected:
    """The caller said something else than what he was answered early; this answers him."""

    answer: AnswerDecided


@dataclass(frozen=True, slots=True)
class StaffSpoke:
    """A member of the staff has this said, now."""

    answer: AnswerDecided


@dataclass(frozen=True, slots=True)
class AnsweredElsewhere:
    """The utterance in hand was answered when the call asked what to do."""


@dataclass(frozen=True, slots=True)
class AnswerSent:
    """Twilio took the answer and is speaking it, for about `seconds`.

    Here and below, the turn is None for an apology: that goes on record afterwards.
    """

    turn_id: int | None
    seconds: float


@dataclass(frozen=True, slots=True)
class AnswerNotSent:
    """The answer did not go out; it stays on record, to be said when the call next asks."""

    turn_id: int | None


@dataclass(frozen=True, slots=True)
class AnswerHeard:
    """An answer of our own audio was played to its end, or to where the caller cut it short."""

    turn_id: int


@dataclass(frozen=True, slots=True)
class SilenceElapsed:
    """The caller has said nothing for as long as the bot waits."""


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
    Begun
    | SpeechHeard
    | VoiceUnanswered
    | UtteranceHeard
    | EarlySettled
    | AnswerDecided
    | AnswerCorrected
    | StaffSpoke
    | AnsweredElsewhere
    | AnswerSent
    | AnswerNotSent
    | AnswerHeard
    | SilenceElapsed
    | HearingFailed
    | TurnFailed
    | GoodbyeOverdue
    | StreamEnded
    | StreamReplaced
    | CallEnded
)
