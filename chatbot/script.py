"""A bot as frozen values: all that a conversation needs of it, without the database.

Pure: imports neither Django nor asyncio.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from chatbot.matching import Matcher, normalise


class Action(StrEnum):
    """What is to be done once an answer has been said."""

    NONE = ""
    HANGUP = "hangup"


@dataclass(frozen=True, slots=True)
class ScriptReply:
    """What the bot says, and what it does then. `text` may be empty where there is an action."""

    text: str
    action: Action = Action.NONE


@dataclass(frozen=True, slots=True)
class ScriptIntent:
    """Something a caller may mean. `keywords` are as the editor wrote them."""

    id: int
    name: str
    keywords: tuple[str, ...]
    replies: tuple[ScriptReply, ...]


@dataclass(frozen=True)
class Script:
    """One version of one bot. `intents` stand in the order in which they win ties.

    `language` is a BCP-47 tag. `voice` may be empty: the default voice of the line.
    `pronunciations` are (word, phones) pairs; a word may have several.
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

    @cached_property
    def hints(self) -> tuple[str, ...]:
        """Every keyword as the editor wrote it; of those that mean the same words, the first."""
        first_of: dict[tuple[str, ...], str] = {}
        for intent in self.intents:
            for keyword in intent.keywords:
                first_of.setdefault(normalise(keyword), keyword)
        return tuple(first_of.values())

    @cached_property
    def matcher(self) -> Matcher:
        """The index over the keywords, built at the first use."""
        return Matcher(self)

    @cached_property
    def intents_by_id(self) -> dict[int, ScriptIntent]:
        """The intents by the id of their row."""
        return {intent.id: intent for intent in self.intents}
