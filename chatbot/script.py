"""A bot as frozen values: all that a conversation needs of it, without the database.

Pure: imports neither Django nor asyncio.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from itertools import chain
from zoneinfo import ZoneInfo

from chatbot.commands import Commands
from chatbot.expectations import ANYTHING, Expectation
from chatbot.hints import phrases_of
from chatbot.listening import Listening
from chatbot.manner import AS_EVER, Manner
from chatbot.matching import Matcher
from chatbot.normalise import normalise
from chatbot.opening_hours import ALWAYS_OPEN, OpeningHours
from chatbot.state import State


@dataclass(frozen=True, slots=True)
class ScriptReply:
    """What the bot says, and what it does then: an action of `chatbot.actions`, by its name.

    `text` may be empty where there is an action. `otherwise` is said where the action fails.
    `ends_thread` has the follow-ups of the intent forgotten. `manner` is how it is said, and
    `expects` what callers are likely to say to it.
    """

    text: str
    action: str = ""
    parameter: str = ""
    otherwise: str = ""
    ends_thread: bool = False
    manner: Manner = AS_EVER
    expects: Expectation = ANYTHING


class ReplyOrder(StrEnum):
    """In which order the replies of an intent are given."""

    IN_TURN = "in-turn"
    RANDOM = "random"


@dataclass(frozen=True, slots=True)
class ScriptIntent:
    """Something a caller may mean. `keywords` are as the editor wrote them.

    `follows` names, by id, the intents right after which it is considered; without any it
    always is. `no_match` and `no_input` are said, first, second, …, where the caller was
    not understood or said nothing right after it: in place of the bot's fallback, or of its
    question after silence, and before the bot's further rows.
    """

    id: int
    name: str
    keywords: tuple[str, ...]
    replies: tuple[ScriptReply, ...]
    follows: tuple[int, ...] = ()
    order: ReplyOrder = ReplyOrder.IN_TURN
    no_match: tuple[ScriptReply, ...] = ()
    no_input: tuple[ScriptReply, ...] = ()


@dataclass(frozen=True, slots=True)
class Remote:
    """A chatbot elsewhere that answers instead: its protocol is a key of `chatbot.backends`."""

    protocol: str
    url: str
    deadline_seconds: float
    secret: str = ""


@dataclass(frozen=True)
class Script:
    """One version of one bot. `intents` stand in the order in which they win ties.

    `language` is a BCP-47 tag, `time_zone` an IANA name. `voice` may be empty: the default
    voice of the line. `threshold` is the least similarity of a near match, in percent; 100
    has none. `pronunciations` are (word, phones) pairs; a word may have several. `no_match`
    and `no_input` follow the fallback and the first question after silence.

    `speed` is in percent of the voice's own. `streams` tells that callers hear audio of our own.
    `interrupt_words` of a caller stop the bot while it speaks, 0: any sound of a voice.
    `patience_ms` is how long more words are waited for. `second_recognizer` names the engine
    that takes over where the first fails, or is blank. `changed_at` is when this version was saved,
    None for one that was not read from the database.
    """

    bot_id: int
    version: int
    name: str
    language: str
    voice: str
    greeting: str
    fallback: str
    no_input: str
    goodbye: str
    apology: str
    silence_seconds: int
    intents: tuple[ScriptIntent, ...]
    pronunciations: tuple[tuple[str, str], ...] = ()
    time_zone: str = "UTC"
    threshold: int = 85
    no_match_again: tuple[ScriptReply, ...] = ()
    no_input_again: tuple[ScriptReply, ...] = ()
    max_turns: int = 100
    max_minutes: int = 30
    limit_message: str = ""
    transfer_number: str = ""
    transfer_message: str = ""
    transfer_failed: str = ""
    opening_hours: OpeningHours = ALWAYS_OPEN
    closed_message: str = ""
    remote: Remote | None = None
    secret: str = ""
    speed: int = 100
    streams: bool = False
    greeting_uninterruptible: bool = False
    interrupt_words: int = 1
    patience_ms: int = 0
    answers_early: bool = False
    second_recognizer: str = ""
    changed_at: datetime | None = None

    @property
    def stamp(self) -> tuple[int, datetime | None]:
        """What tells this version of the bot from others, also of a database that was put back."""
        return self.version, self.changed_at

    def is_open(self, now: datetime) -> bool:
        """Whether calls are answered at an aware moment."""
        return self.opening_hours.is_open(self.local(now))

    def local(self, now: datetime) -> datetime:
        """Return an aware moment by the bot's own clock."""
        return now.astimezone(ZoneInfo(self.time_zone))

    @cached_property
    def matcher(self) -> Matcher:
        """The index over the keywords, built at the first use."""
        return Matcher(self.intents, threshold=self.threshold, language=self.language)

    @cached_property
    def commands(self) -> Commands:
        """What callers can always say."""
        return Commands(self.language, may_transfer=bool(self.transfer_number))

    @cached_property
    def hints(self) -> tuple[str, ...]:
        """What callers may say at the begin of a dialogue."""
        return self.hints_after(None)

    def listening(self, state: State) -> Listening:
        """How to listen to what the caller says next, where the dialogue stands so."""
        expects = state.expects
        hints = self.hints_after(state.context, expects)
        return Listening(hints, expects.kind, expects.language, expects.model)

    def hints_after(self, context: int | None, expects: Expectation = ANYTHING) -> tuple[str, ...]:
        """What callers may say next: of phrases of the same words, the first.

        What the last reply expects comes first, then follow-ups of the intent answered last, then
        what can be said at any time.
        """
        if self.remote is not None:
            return ()
        general = self._general_hints
        followed = self._phrases(context) if context is not None else ()
        first = self._by_words(chain(expects.hints(self.language), followed))
        if not first:
            return tuple(general.values())
        others = (phrase for words, phrase in general.items() if words not in first)
        return (*first.values(), *others)

    @cached_property
    def _general_hints(self) -> dict[tuple[str, ...], str]:
        return self._by_words(chain(self._phrases(None), self.commands.hints))

    @staticmethod
    def _by_words(phrases: Iterable[str]) -> dict[tuple[str, ...], str]:
        first_of: dict[tuple[str, ...], str] = {}
        for phrase in phrases:
            first_of.setdefault(normalise(phrase), phrase)
        return first_of

    def _phrases(self, context: int | None) -> Iterator[str]:
        for intent in self.intents:
            if context in intent.follows if context is not None else not intent.follows:
                for keyword in intent.keywords:
                    yield from phrases_of(keyword, self.language)

    @cached_property
    def intents_by_id(self) -> dict[int, ScriptIntent]:
        """The intents by the id of their row."""
        return {intent.id: intent for intent in self.intents}

    @cached_property
    def intents_by_name(self) -> dict[str, ScriptIntent]:
        """The intents by their name, which is unique in the bot."""
        return {intent.name: intent for intent in self.intents}
