"""Answers on line `say`: Twilio speaks them, and it is known when that was asked, not heard."""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from typing import Any

from calls import conversation as talk
from calls import store
from calls.live import changes
from calls.models import Turn
from calls.slowest_answer import SlowestAnswer
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
        self._attempts: set[asyncio.Task[Any]] = set()
        """Who sends an answer at the moment, or waits to."""
        self._transfer: asyncio.Task[Any] | None = None
        """Who has asked Twilio to connect the caller to somebody else, and waits for its answer."""
        self._is_lost = False
        self._slowest = SlowestAnswer()

    @property
    def protected_seconds(self) -> float:
        """For how long an answer may be spoken yet that may not be interrupted."""
        return max(0.0, self._protected_until - time.monotonic())

    async def deliver(self, script: Script, decided: talk.AnswerDecided) -> bool:
        """Have Twilio speak an answer in place of what it speaks, and record whether it will."""
        sent_at = None
        try:
            sent_at = await self._attempt(script, decided)
        finally:
            # Also when the session is left meanwhile: what was not sent must not count as said.
            await self._record(decided, sent_at)
        return sent_at is not None

    async def cut(self) -> None:
        """Do nothing: the next answer replaces what is spoken."""

    def lose(self) -> None:
        """Send no further attempt: the call asks what to do, or is over.

        A transfer that Twilio was asked for is told to its end, and not taken for one that was not
        sent: the stream is gone because of it, and only then does Twilio answer.
        """
        self._is_lost = True
        for attempt in self._attempts - {self._transfer}:
            attempt.cancel()

    async def apologise(self, script: Script) -> None:
        """Say the apology and hang up, and record it."""
        answer, state = dialogue.apologise(script, State())
        # First said, then recorded: that the record fails may be why there is an apology.
        sent_at = await self._update(None, answer, self._line.say(script, answer))
        delivery = Turn.Delivery.FAILED if sent_at is None else Turn.Delivery.SENT
        await self._store.run(store.apology_record, self._call_id, answer, state, delivery)

    async def _attempt(self, script: Script, decided: talk.AnswerDecided) -> float | None:
        """Send an answer when it is its time; return when it was sent, None if it was not."""
        attempt = asyncio.current_task()
        if self._is_lost or attempt is None:
            return None
        self._attempts.add(attempt)
        try:
            # In their order: the one that is taken last is the one that is spoken.
            async with self._turn:
                if not await self._is_yet_due(decided):
                    return None
                if decided.then is talk.Then.TRANSFER:
                    self._transfer = attempt
                sent_at = await self._send(script, decided)
                if sent_at is not None and decided.answer.manner.is_uninterruptible:
                    seconds = speaking_seconds(decided.answer.text)
                    self._protected_until = time.monotonic() + seconds
                return sent_at
        finally:
            self._attempts.discard(attempt)

    async def _is_yet_due(self, decided: talk.AnswerDecided) -> bool:
        """Let an answer that may not be interrupted be spoken, as long as that may take.

        Return whether the next one is still to be sent: where Twilio spoke faster than is
        reckoned, the call has asked meanwhile, and was told it.
        """
        if not self.protected_seconds:
            return True
        await asyncio.sleep(self.protected_seconds)
        if await self._store.run(store.answer_is_due, decided.turn_id):
            return True
        self._post(talk.AnswerSent(decided.turn_id, speaking_seconds(decided.answer.text)))
        return False

    async def _send(self, script: Script, decided: talk.AnswerDecided) -> float | None:
        turn_id, answer = decided.turn_id, decided.answer
        try:
            return await self._update(turn_id, answer, self._line.say(script, answer))
        except TooLong:
            # On record as unsaid, it is said when the call asks.
            await self._record(decided, None)
            return await self._update(turn_id, answer, self._line.ask())

    async def _record(self, decided: talk.AnswerDecided, sent_at: float | None) -> None:
        delivery = Turn.Delivery.FAILED if sent_at is None else Turn.Delivery.SENT
        answer_ms = None
        if sent_at is not None and decided.heard_at:
            answer_ms = round((sent_at - decided.heard_at) * 1000)
        await self._store.run(store.answer_delivered, decided.turn_id, delivery, answer_ms)
        if answer_ms is not None and self._slowest.is_beaten_by(answer_ms):
            await self._store.run(store.answer_was_slow, self._call_id, answer_ms)
        changes.announce(self._call_id)

    async def _update(
        self, turn_id: int | None, answer: Answer, update: Coroutine[Any, Any, float]
    ) -> float | None:
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
            self._post(talk.AnswerNotSent(turn_id))
            return None
        self._post(talk.AnswerSent(turn_id, speaking_seconds(answer.text)))
        return sent_at
