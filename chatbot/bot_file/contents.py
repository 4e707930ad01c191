"""What an editor wrote into a bot, as frozen values that can be compared. Pure.

Nothing here has an id: other intents are named by their name. Lists stand in their order.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from chatbot.expectations import ANYTHING, Expectation
from chatbot.manner import AS_EVER, Manner
from chatbot.opening_hours import OpenFrom


@dataclass(frozen=True, slots=True)
class Said:
    """What the bot says and does: a reply or a reprompt. `action` is a key of `actions.ACTIONS`."""

    text: str = ""
    action: str = ""
    parameter: str = ""
    otherwise: str = ""
    ends_thread: bool = False
    manner: Manner = AS_EVER
    expects: Expectation = ANYTHING


@dataclass(frozen=True, slots=True)
class Reprompts:
    """What is said where nothing was understood, or nothing heard: first, second, and so on."""

    no_match: tuple[Said, ...] = ()
    no_input: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class IntentContents:
    """An intent; `follows` are the names of intents of the same bot, in the order of the bot."""

    name: str
    keywords: tuple[str, ...] = ()
    replies: tuple[Said, ...] = ()
    follows: tuple[str, ...] = ()
    reply_order: str = "in-turn"
    reprompts: Reprompts = Reprompts()


@dataclass(frozen=True, slots=True)
class LineContents:
    """One turn of a rehearsal; `intent` is a name, empty where none is to answer."""

    says: str = ""
    intent: str = ""
    reply: str = ""
    action: str = ""


@dataclass(frozen=True, slots=True)
class RehearsalContents:
    """A conversation as the editor expects it to go."""

    name: str
    lines: tuple[LineContents, ...] = ()


@dataclass(frozen=True, slots=True)
class BotContents:
    """A bot. `fields` holds all of BOT_FIELDS by their name, those with a default value too.

    `closed_days` are (day, name), `pronunciations` (word, phones) pairs. Those two, the
    opening hours, the rehearsals and the ignored phrases are sorted.
    """

    fields: Mapping[str, str | int]
    opening_hours: tuple[OpenFrom, ...] = ()
    closed_days: tuple[tuple[date, str], ...] = ()
    pronunciations: tuple[tuple[str, str], ...] = ()
    reprompts: Reprompts = Reprompts()
    intents: tuple[IntentContents, ...] = ()
    rehearsals: tuple[RehearsalContents, ...] = ()
    ignored_phrases: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name of the bot."""
        return str(self.fields["name"])


BOT_FIELDS = (
    "name",
    "language",
    "voice",
    "line",
    "speed",
    "greeting",
    "greeting_uninterruptible",
    "fallback",
    "interrupt_words",
    "patience_ms",
    "answers_early",
    "second_recognizer",
    "silence_seconds",
    "no_input",
    "goodbye",
    "apology",
    "threshold",
    "max_turns",
    "max_minutes",
    "limit_message",
    "transfer_number",
    "transfer_message",
    "transfer_failed",
    "time_zone",
    "closed_message",
    "backend",
    "backend_url",
    "backend_seconds",
)
"""The fields of the model `Bot` that a file holds, in the order of the file."""

ALWAYS_WRITTEN = frozenset({"name", "language", "greeting", "fallback"})
"""Those of them that stand in every file, so that it can be read without the defaults."""

CONNECTION_FIELDS = ("backend", "backend_url", "backend_seconds")
"""Those of them that only who may connect a bot to a chatbot elsewhere can change."""

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
"""The keys of the opening hours, as `datetime.weekday()` counts them."""
