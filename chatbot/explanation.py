"""Why the bot answered as it did, and what it would do then, in the editor's words. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from chatbot import actions
from chatbot.actions.base import Directive, Hangup, Play, SendText, Transfer
from chatbot.answers import Answer, Reaction, Rule, Unanswered
from chatbot.expectations import ANYTHING, in_words
from chatbot.matching import Match, MatchKind
from chatbot.script import Script
from chatbot.state import State

_RULES = {
    Rule.GREETING: "every call begins with the greeting",
    Rule.INTENT: "a keyword was heard",
    Rule.COMMAND: "callers can always ask for that",
    Rule.NO_MATCH: "no keyword was heard",
    Rule.NO_INPUT: "the caller said nothing",
    Rule.LIMIT: "the call has taken as many turns or minutes as the bot allows",
    Rule.REMOTE: "a chatbot elsewhere was asked",
    Rule.NOT_TRANSFERRED: "nobody answered where the call was transferred to",
    Rule.CLOSED: "the call came outside the opening hours",
    Rule.STILL_THERE: "the caller had no chance to be heard",
    Rule.APOLOGY: "the caller could not be heard",
    Rule.STAFF: "a member of the staff had it said",
}

_KINDS = {
    MatchKind.EXACT: "word for word, all that was said",
    MatchKind.PHRASE: "word for word, in what was said",
    MatchKind.NEAR: "nearly, in another form or a little misheard",
    MatchKind.OPEN: "by its blank alone, which takes any words",
}


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a fact; one with an `intent_id` names that intent."""

    text: str
    intent_id: int | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that there is to say of an answer, such as the keyword that was heard."""

    label: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody elsewhere who was asked, how long that took, and what came of it."""

    url: str
    milliseconds: int
    reaction: Reaction


def explain(
    script: Script, before: State, after: State, answer: Answer, asked: Asked | None = None
) -> tuple[Fact, ...]:
    """Return why the answer came: `before` and `after` are the dialogue around its turn."""
    return tuple(_facts(script, before, after, answer, asked))


def effects(answer: Answer) -> tuple[str, ...]:
    """Return what the line would do once the answer is spoken."""
    return tuple(
        _effect(directive) for directive in actions.directives(answer.action, answer.parameter)
    )


def _facts(
    script: Script, before: State, after: State, answer: Answer, asked: Asked | None
) -> Iterator[Fact]:
    yield _fact("Why", _rule(answer.rule, after))
    match = answer.match
    if match is not None:
        yield Fact("Intent", (Part(match.intent, match.intent_id),))
        yield _fact("Keyword", f"“{match.keyword}”")
        yield _fact("Match", _KINDS[match.kind])
        yield _fact("Score", _percent(match.score))
    context = script.intents_by_id.get(before.context) if before.context is not None else None
    if context is not None and answer.rule in {Rule.INTENT, Rule.NO_MATCH, Rule.NO_INPUT}:
        is_follow_up = match is not None and match.is_follow_up
        tail = ", whose follow-up this is" if is_follow_up else ""
        yield Fact("Right after", (Part(context.name, context.id), Part(tail)))
    if answer.matching.runners_up:
        label = "Runners-up" if match is not None else "Came closest"
        yield Fact(label, tuple(_runners_up(answer.matching.runners_up)))
    for name, value in answer.captured:
        yield _fact("Captured", f"{name} = {value.value} ({value.kind}, said “{value.said}”)")
    if asked is not None:
        yield _fact("Asked", _asked(asked))
    onward = script.intents_by_id.get(after.context) if after.context is not None else None
    if match is not None and onward is not None and onward.id != match.intent_id:
        yield Fact("Went on to", (Part(onward.name, onward.id),))
    if answer.action:
        parameter = f": {answer.parameter}" if answer.parameter else ""
        yield _fact("Action", f"{actions.ACTIONS[answer.action].label}{parameter}")
    if after.expects != ANYTHING and not after.ended:
        yield _fact("Expected next", in_words(after.expects))
    if answer.note:
        yield _fact("Note", answer.note)


def _fact(label: str, text: str) -> Fact:
    return Fact(label, (Part(text),))


def _rule(rule: Rule, after: State) -> str:
    count = {Rule.NO_MATCH: after.misses, Rule.NO_INPUT: after.silences}.get(rule, 0)
    return f"{_RULES[rule]}, {count} times in a row" if count > 1 else _RULES[rule]


def _runners_up(matches: tuple[Match, ...]) -> Iterator[Part]:
    for place, match in enumerate(matches):
        if place:
            yield Part(", ")
        yield Part(match.intent, match.intent_id)
        yield Part(f" by “{match.keyword}” ({match.kind}, {_percent(match.score)})")


def _percent(score: float) -> str:
    return f"{score:.0%}"


def _asked(asked: Asked) -> str:
    if isinstance(asked.reaction, Unanswered):
        return f"{asked.url} for {asked.milliseconds} ms; it {asked.reaction.problem}"
    return f"{asked.url}, which answered in {asked.milliseconds} ms"


def _effect(directive: Directive) -> str:
    match directive:
        case Hangup():
            return "The bot would now hang up."
        case Transfer(number):
            return f"The caller would now be connected to {number}."
        case Play(url):
            return f"The caller would now hear the recording {url}."
        case SendText(text):
            return f"The caller would now get this SMS: {text}"
