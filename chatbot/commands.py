"""What a caller can always say, whatever the intents of the bot. Pure."""

import re
from collections.abc import Mapping
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
            Command.AGENT: ("operator", "agent"),
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
            Command.AGENT: ("medewerker", "operator", "agent"),
        },
        "de": {
            Command.REPEAT: ("wiederholen", "noch einmal", "nochmal"),
            Command.AGENT: ("mitarbeiter", "mitarbeiterin", "operator", "agent"),
        },
        "fr": {
            Command.REPEAT: ("répéter", "répétez", "encore une fois"),
            Command.AGENT: ("conseiller", "opérateur", "opératrice", "agent"),
        },
        "es": {
            Command.REPEAT: ("repetir", "repita", "otra vez"),
            Command.AGENT: ("operador", "operadora", "agente"),
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

_BLANK = re.compile(r"\{[^{}]*\}")


class Commands:
    """The commands in one language; in English where it has none of its own.

    A caller can ask for a person only where calls `may_transfer`.
    """

    def __init__(self, language: str, *, may_transfer: bool) -> None:
        phrases = _PHRASES.get(language.partition("-")[0].lower(), _PHRASES["en"])
        self._repeat = {_said(phrase) for phrase in phrases[Command.REPEAT]}
        self._agent = {normalise(phrase)[0] for phrase in phrases[Command.AGENT] if may_transfer}
        offered = [Command.REPEAT, Command.AGENT] if may_transfer else [Command.REPEAT]
        self.hints = tuple(phrases[command][0] for command in offered)

    def find(self, text: str, *, whole: bool = False) -> Command | None:
        """Return the command in an utterance, or None.

        To repeat is all of it; a person may be named anywhere in it, unless it is to be `whole`.
        """
        words = _said(text)
        if words in self._repeat:
            return Command.REPEAT
        if self._agent.intersection(words) and (len(words) == 1 or not whole):
            return Command.AGENT
        return None

    def is_unfinished(self, text: str) -> bool:
        """Whether a text is the begin of a longer command: "say that" of "say that again"."""
        words = _said(text)
        return bool(words) and any(
            len(phrase) > len(words) and phrase[: len(words)] == words for phrase in self._repeat
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


def _said(text: str) -> tuple[str, ...]:
    """Return the words of a text but for those of politeness."""
    return tuple(word for word in normalise(text) if word not in _POLITE)
