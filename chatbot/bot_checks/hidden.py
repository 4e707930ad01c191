"""Does every keyword lead to its intent, or does another one get what callers say? Pure."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from chatbot.bot_checks.places import of_keyword
from chatbot.bot_checks.problem import Problem, Severity
from chatbot.hearing import Hearing
from chatbot.matching import Match
from chatbot.normalise import normalise
from chatbot.patterns import DEFAULT_KIND, PatternError, parse
from chatbot.script import Script, ScriptIntent
from chatbot.values import KINDS

_ANY_DAY = date(2026, 1, 1)
"""Whether “tomorrow” is a date does not depend on the day."""


def find(script: Script, hearing: Hearing) -> Iterator[Problem]:
    """Find keywords that lead elsewhere, in some or all of the moments at which they count.

    The matcher itself is asked, by the keyword's own words, as a caller would say them. Words win
    over blanks, so that a keyword of words is hidden only by the same one in another intent.
    """
    intents_of: dict[tuple[str, ...], set[int]] = defaultdict(set)
    for intent in script.intents:
        for keyword in intent.keywords:
            intents_of[heard_as(keyword)].add(intent.id)
    for intent in script.intents:
        contexts: list[int | None] = [id for id in intent.follows if id in script.intents_by_id]
        if not intent.follows:
            contexts = [None]
        for index, keyword in enumerate(intent.keywords):
            if "{" in keyword or len(intents_of[heard_as(keyword)]) > 1:
                yield from _look_at(script, intent, index, contexts)


def _look_at(
    script: Script, intent: ScriptIntent, index: int, contexts: list[int | None]
) -> Iterator[Problem]:
    """Yield a problem where what is said for a keyword leads to another intent."""
    keyword = intent.keywords[index]
    said = _example(keyword)
    winners: list[tuple[int | None, Match]] = []
    for context in contexts if said else ():
        best = script.matcher.find(said, after=context, today=_ANY_DAY).best
        if best is not None and best.intent_id != intent.id:
            winners.append((context, best))
    if winners:
        context, best = winners[0]
        is_same = heard_as(best.keyword) == heard_as(keyword)
        yield _problem(
            script,
            intent,
            index,
            best,
            instead="" if is_same else best.keyword,
            example=said if said != keyword else "",
            context=context if len(winners) < len(contexts) else None,
        )


def _problem(
    script: Script,
    intent: ScriptIntent,
    index: int,
    best: Match,
    *,
    instead: str,
    example: str,
    context: int | None,
) -> Problem:
    """Word one problem.

    `instead` is the keyword that matches, where it is not the same; `example` what a caller might
    say, where the keyword has blanks; `context` the intent after which it happens, if not always.
    """
    after = f"Right after “{script.intents_by_id[context].name}” callers" if context else "Callers"
    say = f"say “{example}”, for example," if example else "say this"
    return Problem(
        Severity.WARNING if context else Severity.ERROR,
        of_keyword(intent, index),
        f"What callers say here matches “{instead}” of “{best.intent}” as well."
        if instead
        else f"The same keyword stands in “{best.intent}”.",
        f"{after} who {say} get what “{best.intent}” answers, never this.",
        "Delete it from one of the two intents, or have them follow different ones.",
    )


@lru_cache(maxsize=1 << 15)
def heard_as(keyword: str) -> tuple[str, ...]:
    """Return what keywords that match the same have in common: their words, the kinds of blanks."""
    if "{" not in keyword:
        return normalise(keyword)
    try:
        parts = parse(keyword).parts
    except PatternError:
        return ()
    return tuple(
        step
        for part in parts
        for step in (normalise(part) if isinstance(part, str) else (f"{{{part.kind}}}",))
    )


def _example(keyword: str) -> str:
    """Return what a caller may say for a keyword; "" for one that is unreadable, or any words."""
    if "{" not in keyword:
        return keyword
    try:
        parts = parse(keyword).parts
    except PatternError:
        return ""
    if all(not isinstance(part, str) and part.kind == DEFAULT_KIND for part in parts):
        return ""  # whatever is said: others are meant to go before it
    return " ".join(part if isinstance(part, str) else KINDS[part.kind].example for part in parts)
