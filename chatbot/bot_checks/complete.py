"""Has every intent something that leads to it, and something to say? Pure."""

from collections.abc import Iterator

from chatbot.bot_checks import jumps
from chatbot.bot_checks.places import of_intent
from chatbot.bot_checks.problem import Problem, Severity
from chatbot.hearing import Hearing
from chatbot.script import Script


def find(script: Script, hearing: Hearing) -> Iterator[Problem]:
    """Find intents without a reply, and those without a keyword to which none goes on."""
    gone_to = {target for edges in jumps.jumps(script).values() for _, target in edges}
    for intent in script.intents:
        if not intent.replies:
            yield Problem(
                Severity.ERROR,
                of_intent(intent),
                "The intent has no reply.",
                "Callers who mean it hear that they were not understood.",
                "Add a reply, or delete the intent.",
            )
        if not intent.keywords and intent.id not in gone_to:
            yield Problem(
                Severity.ERROR,
                of_intent(intent),
                "The intent has no keyword, and no reply goes to it.",
                "Whatever callers say, they never get its replies.",
                "Add what callers say when they mean it, or delete the intent.",
            )
