"""What a caller can always say, whatever the intents of the bot. Pure."""

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from types import MappingProxyType

from chatbot.matching import Match
from chatbot.normalise import normalise


class Command(StrEnum):
    """Something every bot understands."""

    REPEAT = "repeat"
    AGENT = "agent"


# The first phrase of each is the one that recognizers are told to expect.
_PHRASES: Mapping[str, Mapping[Command, tuple[str, ...]]] = MappingProxyType(
    {
        "en": {
            Command.REPEAT: (
                "repeat",
                "repeat that",
                "repeat it",
                "repeat that again",
                "say that again",
                "say it again",
                "say that once more",
                "say that one more time",
                "what did you say",
            ),
            Command.AGENT: (
                "operator",
                "operators",
                "agent",
                "agents",
                "representative",
                *(
                    f"{verb} {to} {whom}"
                    for verb in ("talk", "speak")
                    for to in ("to", "with")
                    for whom in ("a person", "a real person", "a human", "someone", "somebody")
                ),
                "human being",
                "real person",
            ),
        },
        "nl": {
            Command.REPEAT: (
                "herhaal",
                "herhalen",
                "herhaal dat",
                "herhaal het",
                "dat herhalen",
                "het herhalen",
                "nog een keer",
                "nog eens",
                "zeg dat nog eens",
                "zeg dat nog een keer",
                "dat nog een keer zeggen",
                "het nog een keer zeggen",
                "dat nog eens zeggen",
                "het nog eens zeggen",
                "wat zegt u",
                "wat zei u",
            ),
            Command.AGENT: (
                "medewerker",
                "medewerkers",
                "medewerkster",
                "operator",
                "agent",
                "iemand spreken",
                "met iemand praten",
                "iemand aan de lijn",
                "een mens spreken",
                "met een mens praten",
                "een persoon spreken",
            ),
        },
        "de": {
            Command.REPEAT: ("wiederholen", "noch einmal", "nochmal"),
            Command.AGENT: (
                "mitarbeiter",
                "mitarbeiterin",
                "operator",
                "agent",
                "mit jemandem sprechen",
                "mit einem menschen sprechen",
            ),
        },
        "fr": {
            Command.REPEAT: ("répéter", "répétez", "encore une fois"),
            Command.AGENT: (
                "conseiller",
                "opérateur",
                "opératrice",
                "agent",
                "parler à quelqu'un",
                "parler à une personne",
            ),
        },
        "es": {
            Command.REPEAT: ("repetir", "repita", "otra vez"),
            Command.AGENT: (
                "operador",
                "operadora",
                "agente",
                "hablar con alguien",
                "hablar con una persona",
            ),
        },
    }
)

# Said around a command by polite callers: "sorry, could you repeat that please?".
_POLITE = frozenset(
    {
        *("please", "sorry", "can", "could", "would", "you"),
        *("alstublieft", "alsjeblieft", "graag", "kunt", "kun", "kan", "wilt", "wil", "u", "je"),
        *("bitte", "por", "favor", "svp"),
    }
)

# With these around it, a person is still all that was asked for: "I want to talk to someone".
_ASKING = frozenset({"i", "want", "to", "like", "need", "may", "an", "a", "ik", "mag", "een"})

_BLANK = re.compile(r"\{[^{}]*\}")


class Commands:
    """The commands in one language; in English where it has none of its own.

    A caller can ask for a person only where calls `may_transfer`.
    """

    def __init__(self, language: str, *, may_transfer: bool) -> None:
        phrases = _PHRASES.get(language.partition("-")[0].lower(), _PHRASES["en"])
        self._repeat = {_said(phrase) for phrase in phrases[Command.REPEAT]}
        self._agent = {_said(phrase) for phrase in phrases[Command.AGENT] if may_transfer}
        self._longest_agent = max(map(len, self._agent), default=0)
        self._begun_agent = {
            phrase[:size] for phrase in self._agent for size in range(1, len(phrase))
        }
        offered = [Command.REPEAT, Command.AGENT] if may_transfer else [Command.REPEAT]
        self.hints = tuple(phrases[command][0] for command in offered)

    def find(self, text: str, *, whole: bool = False) -> Command | None:
        """Return the command in an utterance, or None.

        To repeat is all of it; a person may be asked for anywhere in it, unless that is to be the
        `whole` of it.
        """
        words = _said(text)
        if words in self._repeat:
            return Command.REPEAT
        if any(not whole or _ASKING.issuperset(rest) for rest in self._beside_agent(words)):
            return Command.AGENT
        return None

    def is_unfinished(self, text: str) -> bool:
        """Whether a text is the begin of a longer command: "say that" of "say that again"."""
        words = _said(text)
        return bool(words) and (
            any(
                len(phrase) > len(words) and phrase[: len(words)] == words
                for phrase in self._repeat
            )
            or any(words[-size:] in self._begun_agent for size in range(1, self._longest_agent))
        )

    def yield_to(self, match: Match | None, text: str) -> bool:
        """Whether a keyword goes before a command that is in the text too.

        It was heard word for word, and needs the very words: "travel agent" does. "Hello" does
        not, and who says "hello, an operator please" is not merely greeted.
        """
        if match is None or not match.is_certain:
            return False
        taken = {*normalise(_BLANK.sub(" ", match.keyword))}
        for _, value in match.values:
            taken.update(normalise(value.said))
        rest = " ".join(word for word in normalise(text) if word not in taken)
        return self.find(rest) is None

    def _beside_agent(self, words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        """Yield, for each time that a person is asked for, the words around that."""
        for first in range(len(words)):
            for last in range(first + 1, min(first + self._longest_agent, len(words)) + 1):
                if words[first:last] in self._agent:
                    yield words[:first] + words[last:]


def _said(text: str) -> tuple[str, ...]:
    """Return the words of a text but for those of politeness."""
    return tuple(word for word in normalise(text) if word not in _POLITE)
