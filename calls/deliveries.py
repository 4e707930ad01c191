"""How an answer reaches the caller, whichever line the call has."""

from typing import Protocol

from calls.conversation import AnswerDecided
from chatbot.script import Script


class Delivery(Protocol):
    """The way of one call's answers; each reports to the conversation what came of it."""

    async def deliver(self, script: Script, decided: AnswerDecided) -> bool:
        """Have the caller hear an answer, and put on record whether he did; return that."""

    async def cut(self) -> None:
        """Stop what the caller hears, where it can be stopped."""

    def lose(self) -> None:
        """Take note that the stream is gone: what is being delivered is not heard to its end."""
