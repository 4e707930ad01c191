"""Do the keys that are keywords reach the bot? Pure."""

from collections.abc import Iterator

from chatbot.bot_checks.places import of_keyword
from chatbot.bot_checks.problem import Problem, Severity
from chatbot.hearing import Hearing
from chatbot.keys import can_be_said, is_keys, pressed
from chatbot.script import Script

_NOT_CARRIED = "Callers hear the voices of the telephone service, and then no key reaches the bot."
_CARRY = "Have callers hear audio of our own (“Voice”, on the bot's page)"


def find(script: Script, hearing: Hearing) -> Iterator[Problem]:
    """Find keys that no caller can send, and keys on a line that carries none."""
    is_carried = hearing.keys or (script.streams and not hearing.mute)
    for intent in script.intents:
        for index, keyword in enumerate(intent.keywords):
            if not is_keys(keyword):
                continue
            place = of_keyword(intent, index)
            if not _can_be_pressed(keyword):
                yield Problem(
                    Severity.ERROR,
                    place,
                    "“#” ends what a caller keys in, so it is never part of it.",
                    f"Callers who press {keyword} are not understood.",
                    "Write the keys without “#”; “#” alone may be a keyword too.",
                )
            elif not is_carried and can_be_said(keyword):
                yield Problem(
                    Severity.WARNING,
                    place,
                    _NOT_CARRIED,
                    f"Callers who say {keyword} and nothing else are heard; those who press it "
                    "get no answer.",
                    f"{_CARRY}, or have the bot ask callers to say it, and not to press a key.",
                )
            elif not is_carried:
                yield Problem(
                    Severity.ERROR,
                    place,
                    _NOT_CARRIED,
                    f"Callers who press {keyword} get no answer.",
                    f"{_CARRY}, or add a word that callers can say instead.",
                )


def _can_be_pressed(keyword: str) -> bool:
    try:
        return pressed(keyword) == keyword.strip()
    except ValueError:
        return False
