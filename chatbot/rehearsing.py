"""Plays a rehearsal against a script and says what goes otherwise than expected.

Pure: imports neither Django nor asyncio. Nothing outside is asked here; where the bot's answers
come from a chatbot elsewhere, whoever calls hands in how to ask it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from chatbot import actions, dialogue
from chatbot.answers import Answer, Question, Reaction, Rule, Unanswered
from chatbot.script import Script
from chatbot.state import State

NOW: Final = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
"""When every rehearsal takes place, a Monday: “tomorrow” is the same day each time it is played."""

POST: Final = "post"

OUTCOMES: Final = tuple(name for name in actions.ACTIONS if name not in {"goto", "repeat"})
"""The actions that an answer can end with: the others only lead to the words of one."""

Ask = Callable[[Question], Reaction]


@dataclass(frozen=True, slots=True)
class Line:
    """What the caller says, and what is expected to come of it.

    `says` is empty where the caller says nothing, `intent` where none is to answer, `reply`
    where any words will do. `action` is a key of `chatbot.actions.ACTIONS`.
    """

    says: str
    intent: str = ""
    reply: str = ""
    action: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a line: the bot's answer, None where the call was over, and what is wrong."""

    answer: Answer | None
    problem: str = ""

    @property
    def is_green(self) -> bool:
        """Whether all went as expected."""
        return not self.problem


def not_asked(question: Question) -> Reaction:
    """Ask nobody."""
    return Unanswered("is not asked in a rehearsal")


def rehearsal_run(script: Script, lines: Sequence[Line], ask: Ask = not_asked) -> Iterator[Result]:
    """Play the lines one after the other as one call, and yield what comes of each.

    An address that a reply asks is never asked: whether it says what is expected is not looked
    at. A chatbot elsewhere that gives all answers of the bot is asked by `ask`.
    """
    _, state = dialogue.opening(script, NOW)
    for line in lines:
        if state.ended:
            yield Result(None, "The call is over by then: the bot has hung up.")
            continue
        result, state = _play(script, state, line, ask)
        yield result


def _play(script: Script, state: State, line: Line, ask: Ask) -> tuple[Result, State]:
    if not line.says.strip():
        answer, state = dialogue.no_input(script, state, NOW)
        return Result(answer, _problem(line, answer)), state
    outcome, state = dialogue.respond(
        script, state, line.says, now=NOW, session=f"rehearsal-{script.bot_id}"
    )
    if isinstance(outcome, Answer):
        return Result(outcome, _problem(line, outcome)), state
    if script.remote is not None:
        answer, state = dialogue.conclude(script, state, outcome, ask(outcome))
        return Result(answer, _problem(line, answer)), state
    answer, state = dialogue.conclude(script, state, outcome, not_asked(outcome))
    return Result(answer, _problem(line, answer, is_outside=True)), state


# --- What is expected -------------------------------------------------------------------------


def _problem(line: Line, answer: Answer, *, is_outside: bool = False) -> str:
    """Return what is otherwise than expected, a sentence each; empty where nothing is."""
    problems = [_intent_problem(line, answer), _action_problem(line, answer, is_outside)]
    if not is_outside:
        problems.insert(1, _reply_problem(line, answer))
    return " ".join(filter(None, problems))


def _intent_problem(line: Line, answer: Answer) -> str:
    got = answer.match.intent if answer.match is not None else ""
    if _same(got) == _same(line.intent):
        return ""
    if not got:
        return f"Expected the intent “{line.intent}”, but {_without_intent(answer.rule)}."
    if not line.intent:
        return f"Expected no intent, but “{got}” answered."
    return f"Expected the intent “{line.intent}”, but “{got}” answered."


def _without_intent(rule: Rule) -> str:
    match rule:
        case Rule.COMMAND:
            return "the bot took it for what callers can always say (to repeat, or for an operator)"
        case Rule.NO_INPUT:
            return "the caller says nothing here"
        case Rule.LIMIT:
            return "the call took too many turns and was ended"
        case Rule.REMOTE:
            return "the chatbot elsewhere answered, which names no intents"
    return "nothing was understood"


def _reply_problem(line: Line, answer: Answer) -> str:
    if _same(line.reply) in _same(answer.plain_text):
        return ""
    said = f"the bot said “{answer.plain_text}”" if answer.text else "the bot said nothing"
    return f"Expected the words “{line.reply}”, but {said}."


def _action_problem(line: Line, answer: Answer, is_outside: bool) -> str:
    expected = line.action
    if expected == answer.action or (is_outside and expected == POST):
        return ""
    if is_outside:
        return f"Expected “{_label(expected)}”, but the bot asks an outside address here."
    return f"Expected “{_label(expected)}” after that, but got “{_label(answer.action)}”."


def _label(action: str) -> str:
    return actions.ACTIONS[action].label if action in actions.ACTIONS else action


def _same(text: str) -> str:
    """Return a text in the form in which it is compared: without case, and with single spaces."""
    return " ".join(text.casefold().split())
