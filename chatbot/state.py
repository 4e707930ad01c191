"""Where a dialogue stands between two turns, as a value and as JSON.

Pure: imports neither Django nor asyncio.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

import msgspec

from chatbot.expectations import ANYTHING, Expectation
from chatbot.values import Value


@dataclass(frozen=True, slots=True)
class State:
    """Where a dialogue stands between two turns.

    `turns` counts what the caller has said, `silences` and `misses` those in a row up to now.
    `context` is the intent, by id, that was answered last and whose follow-ups are considered.
    `last_replies` says for each intent, by id, which of its replies was given last. `said` is
    what the bot said last and can repeat, `answered` the same but for what it says where it
    understood or heard nothing. `values` are those captured, by the name of their
    blank. `began` is an aware moment, None where it is not known. `ended` is set once an answer
    has hung up. `expects` is what the last reply has callers say: it holds until the next reply,
    also where the caller is not understood, says nothing, or hears it again.
    """

    turns: int = 0
    silences: int = 0
    misses: int = 0
    context: int | None = None
    last_replies: Mapping[int, int] = field(default_factory=dict)
    values: Mapping[str, Value] = field(default_factory=dict)
    said: str = ""
    answered: str = ""
    began: datetime | None = None
    ended: bool = False
    expects: Expectation = ANYTHING

    def to_json(self) -> dict[str, Any]:
        """Return the state as a value that JSON can hold."""
        plain: dict[str, Any] = msgspec.to_builtins(self, str_keys=True)
        return plain

    @classmethod
    def from_json(cls, value: object) -> Self:
        """Read what `to_json` wrote. Never raises: any other value gives a fresh state.

        A call must go on after an update that changed the shape of the state.
        """
        try:
            state = msgspec.convert(value, cls, str_keys=True)
        except (msgspec.ValidationError, ValueError, OverflowError):
            return cls()
        counts = (state.turns, state.silences, state.misses, *state.last_replies.values())
        is_aware = state.began is None or state.began.tzinfo is not None
        return state if min(counts) >= 0 and is_aware else cls()
