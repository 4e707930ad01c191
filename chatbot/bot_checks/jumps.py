"""Do replies that go to another intent get anywhere? Pure."""

from collections.abc import Iterator, Mapping

from chatbot.actions.goto import GoToAction
from chatbot.bot_checks.places import of_reply
from chatbot.bot_checks.problem import Problem, Severity
from chatbot.dialogue import MAX_JUMPS
from chatbot.hearing import Hearing
from chatbot.script import Script

Jumps = Mapping[int, list[tuple[int, int]]]
"""Of intents, by their id: the place of each reply that goes on, and the id of where it goes."""


def jumps(script: Script) -> Jumps:
    """Return which replies go on to which intents; those that go nowhere are left out."""
    found: dict[int, list[tuple[int, int]]] = {}
    for intent in script.intents:
        for index, reply in enumerate(intent.replies):
            target = script.intents_by_name.get(reply.parameter)
            if reply.action == GoToAction.name and target is not None:
                found.setdefault(intent.id, []).append((index, target.id))
    return found


def find(script: Script, hearing: Hearing) -> Iterator[Problem]:
    """Find replies that go to an intent that is not there, and those that only go round."""
    yield from _missing(script)
    edges = jumps(script)
    reached = {start: _reached_from(start, edges) for start in edges}
    in_loop: set[int] = set()
    for intent in script.intents:
        if intent.id in in_loop or intent.id not in reached.get(intent.id, ()):
            continue
        loop = {id for id in reached[intent.id] if intent.id in reached.get(id, ())}
        in_loop |= loop
        index = next(index for index, target in edges[intent.id] if target in loop)
        names = ", ".join(f"“{other.name}”" for other in script.intents if other.id in loop)
        yield Problem(
            Severity.ERROR,
            of_reply(intent, index),
            "The reply goes to itself."
            if len(loop) == 1
            else f"These intents go to each other in a circle: {names}.",
            "Callers hear the text of each reply on the way once, and then no answer.",
            "Have one of these replies answer instead of going on.",
        )
    for intent in script.intents:
        length = _chain(intent.id, edges, in_loop)
        if length > MAX_JUMPS:
            yield Problem(
                Severity.ERROR,
                of_reply(intent, edges[intent.id][0][0]),
                f"From here the bot goes on through {length} intents, one after the other.",
                f"After {MAX_JUMPS} of them it gives up, and callers get no answer.",
                "Go straight to the intent that answers.",
            )


def _missing(script: Script) -> Iterator[Problem]:
    for intent in script.intents:
        for index, reply in enumerate(intent.replies):
            is_jump = reply.action == GoToAction.name
            if is_jump and reply.parameter not in script.intents_by_name:
                yield Problem(
                    Severity.ERROR,
                    of_reply(intent, index),
                    f"The reply goes to “{reply.parameter}”, and the bot has no such intent.",
                    "Callers hear the text of the reply, if it has one, and then nothing.",
                    "Write the name of one of this bot's intents, exactly as it is there.",
                )


def _reached_from(start: int, edges: Jumps) -> set[int]:
    reached: set[int] = set()
    waiting = [start]
    while waiting:
        for _, target in edges.get(waiting.pop(), ()):
            if target not in reached:
                reached.add(target)
                waiting.append(target)
    return reached


def _chain(start: int, edges: Jumps, in_loop: set[int]) -> int:
    """Return how many intents lie on the longest way from here, this one too.

    A way that comes into a loop ends there: the loop is a problem of its own.
    """
    length, level = 0, {start}
    while level:
        length += 1
        level = {
            target
            for id in level - in_loop
            for _, target in edges.get(id, ())
            if target not in in_loop
        }
    return length
