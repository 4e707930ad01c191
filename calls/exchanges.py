"""What was said in a call, taken apart into what the caller said and what answered it.

Pure: looks at turns that are loaded.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from calls.models import Turn
from chatbot.answers import Rule

UNASKED = frozenset(
    {
        Rule.GREETING,
        Rule.CLOSED,
        Rule.NO_INPUT,
        Rule.STILL_THERE,
        Rule.NOT_TRANSFERRED,
        Rule.APOLOGY,
        Rule.STAFF,
    }
)
"""The rules by which the bot speaks although the caller said nothing."""


@dataclass(slots=True)
class Exchange:
    """What the caller said, and the bot's answer to it.

    `heard` is None where the bot spoke of its own accord, `answer` where nobody answered.
    """

    heard: Turn | None
    answer: Turn | None


def exchanges(turns: Iterable[Turn]) -> list[Exchange]:
    """Return the exchanges of a call, whose turns come in their order.

    A caller who speaks twice before he is answered gets his answers in the same order.
    """
    found: list[Exchange] = []
    unanswered: deque[Exchange] = deque()
    for turn in turns:
        if turn.rule == Rule.ASIDE:
            found.append(Exchange(turn, None))
        elif turn.role == Turn.Role.CALLER:
            unanswered.append(Exchange(turn, None))
            found.append(unanswered[-1])
        elif unanswered and turn.rule not in UNASKED:
            unanswered.popleft().answer = turn
        else:
            found.append(Exchange(None, turn))
    return found
