"""Answers on line `say`: Twilio speaks them, and it is known when that was asked, not heard."""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from typing import Any

from calls import conversation as talk
from calls import store
from calls.models import Turn
from calls.store import Store
from calls.twilio.rest import CallIsOver, UpdateFailed
from calls.twilio.say_line import SayLine, TooLong
from calls.twilio.twiml import speaking_seconds
from chatbot import dialogue
from chatbot.answers import Answer
from chatbot.script import Script
from chatbot.state import State

logger = logging.getLogger(__name__)


class SayDelivery:
    """The answers of one call. `post` takes what the conversation is to know of them."""

    def __init__(
        self, call_id: int, line: SayLine, store: Store, post: Callable[[talk.Event], None]
    ) -> None:
        self._call_id = call_id
        self._line = line
        self._store = store
        self._post = post
        self._turn = asyncio.Lock()
        self._protected_until = 0.0
        self._sending: asyncio.Task[Any] | None = None

    async def deliver(self, script: Script, decided: talk.AnswerDecided) -> bool:
        """Have Twilio speak an answer in place of what it speaks, and record whether it will."""
        sent_at = None
        self._sending = asyncio.current_task()
        try:
            # In their order: the one that is taken last is the one that is spoken.
            async with self._turn:
                await self._wait_for_protected()
                sent_at = await self._update(self._line.say(script, decided.answer), decided.answer)
        except TooLong:
            # On record as unsaid, it is said when the call asks.
            await self._record(decided, None)
            return await self._update(self._line.ask(), decided.answer) is not None
        finally:
            # Also when the session is left meanwhile: what was not sent must not count as said.
            await self._record(decided, sent_at)
        if decided.answer.manner.is_uninterruptible:
            seconds = speaking_seconds(decided.answer.text)
            self._protected_until = time.monotonic() + seconds
        return sent_at is not None

    async def cut(self) -> None:
        """Do nothing: the next answer replaces what is spoken."""

    def lose(self) -> None:
        """Send no further attempt: the call asks what to do, or is over."""
        if self._sending is not None:
            self._sending.cancel()

    async def apologise(self, script: Script) -> None:
        """Say the apology and hang up, and record it."""
        answer, state = dialogue.apologise(script, State())
        # First said, then recorded: that the record fails may be why there is an apology.
        sent_at = await self._update(self._line.say(script, answer), answer)
        delivery = Turn.Delivery.FAILED if sent_at is None else Turn.Delivery.SENT
        await self._store.run(store.apology_record, self._call_id, answer, state, delivery)

    async def _wait_for_protected(self) -> None:
        """Let an answer that may not be interrupted be spoken, as long as that may take."""
        if (seconds := self._protected_until - time.monotonic()) > 0:
            await asyncio.sleep(seconds)

    async def _record(self, decided: talk.AnswerDecided, sent_at: float | None) -> None:
        delivery = Turn.Delivery.FAILED if sent_at is None else Turn.Delivery.SENT
        answer_ms = round(((sent_at or 0.0) - decided.heard_at) * 1000)
        await self._store.run(store.answer_delivered, decided.turn_id, delivery, answer_ms)

    async def _update(self, update: Coroutine[Any, Any, float], answer: Answer) -> float | None:
        """Carry out an update that has Twilio speak; post what came of it.

        Return when it was sent, or None if it was not taken.
        """
        try:
            sent_at = await update
        except CallIsOver:
            self._post(talk.CallEnded())
            return None
        except UpdateFailed as error:
            logger.error("Call %d: an answer was not sent: %s", self._call_id, error)
            self._post(talk.AnswerNotSent())
            return None
        self._post(talk.AnswerSent(speaking_seconds(answer.text)))
        return sent_at
