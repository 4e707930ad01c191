"""What one turn of dialogue results in. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from chatbot import ssml
from chatbot.backends.answers import RemoteAnswer
from chatbot.listening import FOR_NOTHING, Listening
from chatbot.manner import AS_EVER, Manner
from chatbot.matching import Match, Matching
from chatbot.values import Value


class Rule(StrEnum):
    """Which rule of the dialogue led to an answer."""

    GREETING = "greeting"
    INTENT = "intent"
    COMMAND = "command"
    """The caller asked to hear it again, or for a person."""
    NO_MATCH = "no-match"
    NO_INPUT = "no-input"
    LIMIT = "limit"
    """The call has taken too many turns or minutes."""
    REMOTE = "remote"
    """A chatbot elsewhere answered."""
    NOT_TRANSFERRED = "not-transferred"
    """Nobody answered where the call was transferred to."""
    CLOSED = "closed"
    """The call came outside the opening hours."""
    STILL_THERE = "still-there"
    """The caller had no chance to be heard, and is asked to speak again."""
    APOLOGY = "apology"
    """The caller cannot be heard."""
    ASIDE = "aside"
    """The caller said it into what the bot was saying, and wanted no answer: “mhm”."""
    STAFF = "staff"
    """A member of the staff had it said."""


NO_MATCHING = Matching(None, ())


@dataclass(frozen=True, slots=True)
class Answer:
    """What to say, what to do after that, why, and how to listen to what the caller says next.

    `action` is a key of `chatbot.actions.ACTIONS`; `text` may be empty where there is one.
    `otherwise` is said where the action fails. `manner` is how it is said. `captured` are the
    values of this turn, by the name of their blank. `note` is a sentence for who reads the
    transcript, where something went wrong on the way.
    """

    text: str
    action: str = ""
    parameter: str = ""
    otherwise: str = ""
    rule: Rule = Rule.INTENT
    matching: Matching = NO_MATCHING
    captured: tuple[tuple[str, Value], ...] = ()
    note: str = ""
    listening: Listening = FOR_NOTHING
    manner: Manner = AS_EVER

    @property
    def plain_text(self) -> str:
        """What is said, without the markup that says how."""
        return ssml.plain(self.text)

    @property
    def match(self) -> Match | None:
        """The keyword that was heard, or None."""
        return self.matching.best


@dataclass(frozen=True, slots=True)
class Question:
    """A turn that somebody elsewhere is asked about before it can be answered.

    `body` is what is posted, as JSON; `protocol`, a key of `chatbot.backends.BACKENDS`, reads
    the answer. `instead` is the answer where none comes, `text` what is said where one comes
    that says and does nothing.
    """

    url: str
    body: dict[str, object]
    protocol: str
    deadline_seconds: float
    secret: str
    may_be_private: bool
    instead: Answer
    text: str

    @property
    def address(self) -> str:
        """The URL without its query, in which there may be a key."""
        return self.url.partition("?")[0]


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Why a question got no answer, as the end of a sentence: “did not answer within 4 s”."""

    problem: str


Reaction = RemoteAnswer | Unanswered
