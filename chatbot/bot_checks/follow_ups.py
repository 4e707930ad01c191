"""Can every follow-up be reached? Pure."""

from collections.abc import Iterator

from chatbot import actions
from chatbot.actions.goto import GoToAction
from chatbot.bot_checks import jumps
from chatbot.bot_checks.places import of_follows
from chatbot.bot_checks.problem import Problem, Severity
from chatbot.hearing import Hearing
from chatbot.script import Script, ScriptIntent


def find(script: Script, hearing: Hearing) -> Iterator[Problem]:
    """Find intents that follow others, and come after none of them."""
    answered = _answered(script)
    for intent in script.intents:
        if not intent.follows or not intent.keywords or intent.id in answered:
            continue
        before = [script.intents_by_id[id] for id in intent.follows if id in script.intents_by_id]
        is_dead_end = any(other.id in answered for other in before)
        names = ", ".join(f"“{other.name}”" for other in before) or "an intent of another bot"
        yield Problem(
            Severity.ERROR,
            of_follows(intent),
            f"The intent follows {names}, but nothing can be said after that: each reply there "
            "ends the thread, hangs up or goes elsewhere."
            if is_dead_end
            else f"The intent follows only what is never answered itself: {names}.",
            "Whatever callers say, they never get its replies.",
            "Have it follow an intent whose reply goes on listening, or none at all."
            if is_dead_end
            else "Have it follow an intent that can be answered at any time, or none at all.",
        )


def _answered(script: Script) -> set[int]:
    """Return the ids of the intents that some caller can come to."""
    followers: dict[int, list[int]] = {}
    for intent in script.intents:
        for id in intent.follows if intent.keywords else ():
            followers.setdefault(id, []).append(intent.id)
    edges = jumps.jumps(script)
    answered: set[int] = set()
    waiting = [intent.id for intent in script.intents if intent.keywords and not intent.follows]
    while waiting:
        id = waiting.pop()
        if id in answered:
            continue
        answered.add(id)
        waiting += [target for _, target in edges.get(id, ())]
        if _goes_on_listening(script, script.intents_by_id[id]):
            waiting += followers.get(id, [])
    return answered


def _goes_on_listening(script: Script, intent: ScriptIntent) -> bool:
    """Whether a reply of the intent leaves the caller where its follow-ups are considered."""
    return not intent.replies or any(
        not reply.ends_thread
        and not actions.hangs_up(reply.action)
        and not (reply.action == GoToAction.name and reply.parameter in script.intents_by_name)
        for reply in intent.replies
    )
