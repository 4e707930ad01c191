"""Does every transfer have a number? Pure."""

from collections.abc import Iterator

from chatbot.actions import TRANSFER
from chatbot.bot_checks.places import rows
from chatbot.bot_checks.problem import Problem, Severity
from chatbot.hearing import Hearing
from chatbot.script import Script


def find(script: Script, hearing: Hearing) -> Iterator[Problem]:
    """Find transfers to nowhere."""
    if script.transfer_number:
        return
    for row in rows(script):
        if row.said.action == TRANSFER and not row.said.parameter:
            yield Problem(
                Severity.ERROR,
                row.place,
                "The call is to be transferred, but neither this row nor the bot has a number.",
                "Callers are told that nobody answers, and are not connected.",
                "Write the number here, or the transfer number of the bot.",
            )
