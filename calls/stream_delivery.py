"""Answers on line `stream`: audio of our own, of which it is known how much was heard."""

import logging
from collections.abc import AsyncIterator, Callable

from django.db import Error as DatabaseError

from calls import conversation as talk
from calls import store
from calls.live import changes
from calls.models import Turn
from calls.slowest_answer import SlowestAnswer
from calls.store import Store
from calls.twilio.stream_line import Played, StreamLine
from calls.voice.synthesizer import SynthesisError
from chatbot import actions
from chatbot.manner import Manner
from chatbot.script import Script

logger = logging.getLogger(__name__)


class StreamDelivery:
    """The answers of one call. `post` takes what the conversation is to know of them."""

    def __init__(
        self,
        call_id: int,
        line: StreamLine,
        speak: Callable[[Script, str, Manner], AsyncIterator[bytes]],
        store: Store,
        post: Callable[[talk.Event], None],
    ) -> None:
        """`speak` gives the audio of a text; its iteration may raise SynthesisError."""
        self._call_id = call_id
        self._line = line
        self._speak = speak
        self._store = store
        self._post = post
        self._slowest = SlowestAnswer()

    async def deliver(self, script: Script, decided: talk.AnswerDecided) -> bool:
        """Play an answer, and record how much of it was heard."""
        answer = decided.answer
        started: list[float] = []
        audio = self._speak(script, answer.text, answer.manner) if answer.text else _nothing()
        try:
            played = await self._line.play(audio, started.append)
        except SynthesisError as error:
            logger.error("Call %d: an answer was not spoken: %s", self._call_id, error)
            await self._store.run(store.call_mute, self._call_id, decided.turn_id, str(error))
            self._post(talk.AnswerNotSent(decided.turn_id))
            return False
        answer_ms = _answer_ms(decided, started)
        try:
            await self._store.run(
                store.answer_heard,
                decided.turn_id,
                played.audio_ms,
                None if played.is_whole else played.heard_ms,
                answer_ms,
                _delivered(decided, played),
            )
            if answer_ms is not None and self._slowest.is_beaten_by(answer_ms):
                await self._store.run(store.answer_was_slow, self._call_id, answer_ms)
            changes.announce(self._call_id)
        except DatabaseError:
            # The caller has heard it, and waits for what follows.
            logger.exception("Call %d: what was heard of an answer is not recorded", self._call_id)
        self._post(talk.AnswerHeard(decided.turn_id))
        return True

    async def cut(self) -> None:
        """Stop what is played."""
        await self._line.cut()

    def lose(self) -> None:
        """Stop what is played; where the call goes on, it is said again."""
        self._line.lose()


def _delivered(decided: talk.AnswerDecided, played: Played) -> Turn.Delivery:
    if played.is_lost:
        return Turn.Delivery.PENDING
    answer = decided.answer
    is_followed = bool(actions.directives(answer.action, answer.parameter))
    return Turn.Delivery.SPOKEN if is_followed else Turn.Delivery.SENT


def _answer_ms(decided: talk.AnswerDecided, started: list[float]) -> int | None:
    """Return how long after the final transcript the caller began to hear the answer."""
    if not started or not decided.heard_at:
        return None
    return round((started[0] - decided.heard_at) * 1000)


async def _nothing() -> AsyncIterator[bytes]:
    """Give no audio: there is only something to do."""
    return
    yield b""
