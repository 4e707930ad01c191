"""Whether a caller who stops here has said all that he means to say.

Pure: imports neither Django nor asyncio.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import partial

from chatbot.commands import Command
from chatbot.matching import Match, MatchKind
from chatbot.normalise import normalise
from chatbot.patterns import DEFAULT_KIND, Blank, parse
from chatbot.script import Script

SURE_SHARE = 0.5
"""A phrase that covers less of the letters said may not be what the caller is coming to."""

# Callers stop within an order number, a telephone number or their name, and go on.
_SAID_IN_PIECES = frozenset({"digits", "phone", DEFAULT_KIND})


class Strength(StrEnum):
    """How sure it is that a text is all of what the caller means to say."""

    STRONG = "strong"
    """It is something that the bot understands, and complete."""
    PARTIAL = "partial"
    """It is the begin of something that the bot understands."""
    WEAK = "weak"
    """More words may well make it clearer."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the bot takes a text for: an intent, by its id, with its values, or a command."""

    of: int | Command
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a text is as the end of a turn. `meaning` is None where the bot understands nothing.

    `is_final_word` tells of the transcript of a caller who may still be speaking that it is a
    keyword, and that nothing the bot knows begins with it: no more words need be waited for.
    """

    strength: Strength
    meaning: Meaning | None = None
    is_final_word: bool = False

    def means_the_same(self, other: "Verdict") -> bool:
        """Whether both texts are understood, and alike."""
        return self.meaning is not None and self.meaning == other.meaning


def judge(
    script: Script, context: int | None, text: str, *, today: date, language: str = ""
) -> Verdict:
    """Judge a text said right after the intent `context` was answered.

    `today` is the day at the bot, `language` that in which blanks are read where callers were
    asked for another one than the bot's. Never raises, whatever the text. Where a chatbot elsewhere
    answers, only that one knows what is complete: nothing is waited for, and nothing is early.
    """
    command = script.commands.find(text, whole=script.remote is not None)
    if script.remote is not None:
        return Verdict(Strength.STRONG, None if command is None else Meaning(command))
    match = script.matcher.find(text, after=context, today=today, language=language).best
    if command is not None and not script.commands.yield_to(match, text):
        return Verdict(Strength.STRONG, Meaning(command))
    is_unfinished = partial(
        script.matcher.is_unfinished, text, after=context, today=today, language=language
    )
    strength = _strength(script, text, match, is_unfinished)
    if match is None:
        return Verdict(strength)
    values = tuple((name, value.value) for name, value in match.values)
    is_final_word = (
        match.kind is MatchKind.EXACT
        and not script.commands.is_unfinished(text)
        and not is_unfinished(is_interim=True)
    )
    return Verdict(strength, Meaning(match.intent_id, values), is_final_word)


def _strength(
    script: Script, text: str, match: Match | None, is_unfinished: Callable[[], bool]
) -> Strength:
    if match is not None and match.is_certain and _ends_in_pieces(match, text):
        return Strength.PARTIAL
    if match is not None and match.kind is MatchKind.EXACT:
        return Strength.STRONG
    if script.commands.is_unfinished(text) or is_unfinished():
        return Strength.PARTIAL
    is_sure = match is not None and match.kind is MatchKind.PHRASE and match.score >= SURE_SHARE
    return Strength.STRONG if is_sure else Strength.WEAK


def _ends_in_pieces(match: Match, text: str) -> bool:
    """Whether a text ends with the value of a keyword's last blank, which may be a part of it."""
    if not match.values:
        return False
    last = parse(match.keyword).parts[-1]
    if not isinstance(last, Blank) or last.kind not in _SAID_IN_PIECES:
        return False
    said = normalise(match.values[-1][1].said)
    return normalise(text)[-len(said) :] == said
