"""Runs one conversation on one media stream: its recognizer, its turns, its line.

`calls.conversation` decides what to do; this does it, and reports back what came of it.
"""

import asyncio
import logging
import time
from collections.abc import Coroutine
from typing import Any

from django.db import Error as DatabaseError

from calls import conversation as talk
from calls import errands, store
from calls.errands import has_errand
from calls.keypad import Keypad
from calls.models import Turn
from calls.speech.events import Final, Interim, SpeechStarted
from calls.speech.listener import GaveUp, Listener, ListenerEvent, Reopened, Rotated
from calls.speech.recognizer import RecognitionConfig
from calls.store import OpenedStream, StreamCounts
from calls.switchboard import Switchboard
from calls.text import printable
from calls.twilio.rest import CallIsOver, UpdateFailed
from calls.twilio.say_line import SayLine, TooLong
from calls.twilio.twiml import speaking_seconds
from chatbot import actions, answering, dialogue
from chatbot.actions.base import Transfer
from chatbot.answers import Answer, Reaction
from chatbot.listening import Listening
from chatbot.state import State

logger = logging.getLogger(__name__)

PIECE_BYTES = 800
"""Audio goes to the recognizer in pieces of 100 ms: five of Twilio's frames."""

LAST_WORDS_SECONDS = 0.6
"""How long a recognizer may take to report what a caller said who has hung up."""

LISTEN_AFTER_SECONDS = 0.03
"""How much later than the answer the next recognition stream is opened."""

SPEECH_NOTE_SECONDS = 1.0
"""How often it is put on record that the caller is speaking, while he is."""


LONGEST_SPEECH_SECONDS = 20.0
"""How long a caller counts as speaking of whom nothing more is heard."""

FED_SECONDS = 3.0
"""How long a stream may bring no audio and still count as alive."""


class CallSession:
    """One caller on one media stream. `hear` and `post` feed it; `run` lasts as long as it does."""

    def __init__(self, opened: OpenedStream, switchboard: Switchboard) -> None:
        self._stream_id = opened.stream_id
        self._call_id = opened.call_id
        self._call_sid = opened.call_sid
        self._script = opened.script
        self._listening = opened.listening
        self._switchboard = switchboard
        self._store = switchboard.store
        self._line = SayLine(opened.call_sid, opened.name, switchboard.rest)
        self._conversation = talk.Conversation(opened.call_sid)
        self._listener = Listener(switchboard.recognizer, self._on_heard)
        self._inbox: asyncio.Queue[talk.Event] = asyncio.Queue()
        self._tasks: set[asyncio.Task[None]] = set()
        self._sending: asyncio.Task[None] | None = None
        self._asking: asyncio.Task[Reaction] | None = None
        self._keypad = Keypad(self._on_keys)
        self._writing = asyncio.Lock()
        self._end_timer: asyncio.TimerHandle | None = None
        self._piece = bytearray()
        self._speaks_until = 0.0
        self._speech_noted_at = 0.0
        self._fed_at = time.monotonic()
        self._turns = 0
        self.audio_bytes = 0

    def hear(self, audio: bytes) -> None:
        """Take the caller's audio, mu-law 8 kHz. Never blocks."""
        self.audio_bytes += len(audio)
        self._piece += audio
        if len(self._piece) >= PIECE_BYTES:
            self._listener.hear(bytes(self._piece))
            self._piece.clear()
            self._fed_at = time.monotonic()
            self._note_if_speaking()

    def press(self, key: str) -> None:
        """Take a key that the caller pressed: a digit, * or #. Never blocks."""
        self._keypad.press(key)

    @property
    def is_fed(self) -> bool:
        """Whether audio arrives. Twilio sends it in silence too: a quiet socket is a dead one."""
        return time.monotonic() - self._fed_at < FED_SECONDS

    def _note_if_speaking(self) -> None:
        """Say that the caller speaks, once a second: engines may report no more than the begin."""
        now = time.monotonic()
        if now < self._speaks_until and now - self._speech_noted_at >= SPEECH_NOTE_SECONDS:
            self._speech_noted_at = now
            self.post(talk.SpeechHeard())

    def post(self, event: talk.Event) -> None:
        """Tell the conversation what happened. Never blocks."""
        self._inbox.put_nowait(event)

    async def run(self) -> talk.Leave:
        """Hold the conversation to its end; return how it ended.

        When this returns, the recognizer and all tasks of the session are gone.
        """
        self._listener.listen(self._recognition(self._listening))
        try:
            while True:
                event = await self._inbox.get()
                for action in self._conversation.receive(event):
                    if isinstance(action, talk.Leave):
                        await self._hear_out()
                        return action
                    self._perform(action)
        finally:
            self._keypad.stop()
            if self._end_timer is not None:
                self._end_timer.cancel()
            await self._listener.aclose()
            await self._cancel_tasks()

    async def close(self, leave: talk.Leave, counts: StreamCounts) -> None:
        """Put the end of the stream on record, and see to it that the call does not go deaf."""
        try:
            await self._store.run(store.stream_close, self._stream_id, leave.reason, counts)
        except DatabaseError:
            # Goes stale on record by itself; the caller must not wait for that.
            logger.exception("%s: the end of the stream was not recorded", self._call_sid)
        logger.info(
            "%s: stream closed: %s; %d turns heard, %.1f s of audio, %d frames ignored, "
            "%d malformed",
            self._call_sid,
            leave.reason,
            self._turns,
            counts.audio_bytes / 8000,
            counts.frames_ignored,
            counts.frames_malformed,
        )
        if leave.fate is talk.Fate.OVER:
            await self._store.run(store.call_over, self._call_id)
        elif leave.fate is talk.Fate.UNKNOWN:
            await self._resume()

    async def _resume(self) -> None:
        """Have the call ask what to do now, unless it is over or another stream has taken over."""
        if not await self._store.run(store.call_goes_on, self._call_id, self._stream_id):
            return
        try:
            await self._line.ask()
        except CallIsOver:
            await self._store.run(store.call_over, self._call_id)
        except UpdateFailed as error:
            # Its TwiML ends in the same question, some seconds later.
            logger.warning("%s: not resumed at once: %s", self._call_sid, error)
        else:
            logger.warning("%s: lost its stream and was told to go on", self._call_sid)

    async def _hear_out(self) -> None:
        """Record the caller's last words, where they become final in time."""
        self._keypad.complete()
        if self._asking is not None:
            # Nobody is left to hear the answer; on record the turn stays unanswered.
            self._asking.cancel()
        if self._piece:
            self._listener.hear(bytes(self._piece))
        await self._listener.finish(LAST_WORDS_SECONDS)
        if self._sending is not None and not self._sending.done():
            self._sending.cancel()
        while self._tasks or not self._inbox.empty():
            if self._tasks:
                await asyncio.wait(self._tasks)
            while not self._inbox.empty():
                for action in self._conversation.receive(self._inbox.get_nowait()):
                    self._perform(action)

    # --- Actions ----------------------------------------------------------------------------

    def _perform(self, action: talk.Action) -> None:
        """Begin an action; none of them is waited for."""
        match action:
            case talk.NoteSpeech():
                self._start(self._note_speech())
            case talk.TakeTurn(utterance):
                taking = self._start(self._take_turn(utterance))
                taking.add_done_callback(self._on_taken)
            case talk.RecordTurn(utterance):
                self._start(self._record_turn(utterance))
            case talk.Listen(listening):
                # Opening a stream costs as much as sending an answer, and is in less of a
                # hurry: what the caller says meanwhile is kept and heard by the new stream.
                loop = asyncio.get_running_loop()
                loop.call_later(
                    LISTEN_AFTER_SECONDS, self._listener.listen, self._recognition(listening)
                )
            case talk.StopListening():
                self._start(self._listener.aclose())
            case talk.SendAnswer(answer):
                self._sending = self._start(self._send(answer))
            case talk.Apologise():
                self._sending = self._start(self._apologise(after=self._sending))
            case talk.ExpectEnd(seconds):
                if self._end_timer is not None:
                    self._end_timer.cancel()
                loop = asyncio.get_running_loop()
                self._end_timer = loop.call_later(seconds, self.post, talk.GoodbyeOverdue())
            case talk.EndCall():
                self._start(self._end_call())

    async def _note_speech(self) -> None:
        await self._store.run(store.call_heard, self._call_id)

    async def _take_turn(self, utterance: talk.UtteranceHeard) -> None:
        try:
            turn = await self._take(utterance)
            self._turns += 1
            if isinstance(turn, store.AskedTurn):
                turn = await self._conclude(turn)
        except store.StreamReplaced:
            self.post(talk.StreamReplaced())
            return
        except store.AnsweredElsewhere:
            self.post(talk.AnsweredElsewhere())
            return
        if turn is None:
            self.post(talk.CallEnded())
            return
        self._script = turn.script
        then = _then(turn.answer)
        self.post(talk.AnswerDecided(turn.answer_id, turn.answer, utterance.heard_at, then))

    async def _conclude(self, asked: store.AskedTurn) -> store.TakenTurn | None:
        """Ask whoever is to be asked, with no lock and no database meanwhile."""
        self._asking = asyncio.create_task(answering.ask(asked.question))
        reaction = await self._asking
        async with self._writing:
            return await self._store.run(
                store.turn_conclude, self._stream_id, self._call_id, asked, reaction
            )

    async def _take(
        self, utterance: talk.UtteranceHeard
    ) -> store.TakenTurn | store.AskedTurn | None:
        async with self._writing:
            return await self._store.run(
                store.turn_take,
                self._stream_id,
                self._call_id,
                self._script.bot_id,
                utterance.text,
                utterance.confidence,
            )

    async def _record_turn(self, utterance: talk.UtteranceHeard) -> None:
        async with self._writing:
            await self._store.run(
                store.caller_turn_record, self._call_id, utterance.text, utterance.confidence
            )
        self._turns += 1

    async def _send(self, decided: talk.AnswerDecided) -> None:
        say = self._line.say(self._script, decided.answer)
        sent_at = None
        is_too_long = False
        try:
            sent_at = await self._update(say, decided.answer.text)
        except TooLong:
            is_too_long = True
        finally:
            # Also when the session is left meanwhile: what was not sent must not count as said.
            await self._record_delivery(decided, sent_at)
        if is_too_long:
            # On record as unsaid, it is said when the call asks.
            await self._update(self._line.ask(), decided.answer.text)
        elif sent_at is not None and has_errand(decided.answer):
            self._start(self._run_errand(decided.turn_id))

    async def _run_errand(self, turn_id: int) -> None:
        message = await self._store.run(errands.message_claim, turn_id)
        if message is not None:
            problem = await errands.message_send(self._switchboard.rest, message)
            await self._store.run(errands.message_record, turn_id, problem)

    async def _record_delivery(self, answer: talk.AnswerDecided, sent_at: float | None) -> None:
        delivery = Turn.Delivery.FAILED if sent_at is None else Turn.Delivery.SENT
        answer_ms = round(((sent_at or 0.0) - answer.heard_at) * 1000)
        await self._store.run(store.answer_delivered, answer.turn_id, delivery, answer_ms)

    async def _apologise(self, after: asyncio.Task[None] | None) -> None:
        if after is not None:
            # An answer that is still being sent could land behind the apology.
            after.cancel()
            await asyncio.wait({after})
        answer, state = dialogue.apologise(self._script, State())
        # First said, then recorded: that the record fails may be why there is an apology.
        say = self._line.say(self._script, answer)
        sent_at = await self._update(say, answer.text)
        delivery = Turn.Delivery.FAILED if sent_at is None else Turn.Delivery.SENT
        await self._store.run(store.apology_record, self._call_id, answer, state, delivery)

    async def _update(self, update: Coroutine[Any, Any, float], text: str) -> float | None:
        """Carry out an update that has Twilio speak; post what came of it.

        Return when it was sent, or None if it was not taken.
        """
        try:
            sent_at = await update
        except CallIsOver:
            self.post(talk.CallEnded())
            return None
        except UpdateFailed as error:
            logger.error("%s: an answer was not sent: %s", self._call_sid, error)
            self.post(talk.AnswerNotSent())
            return None
        self.post(talk.AnswerSent(speaking_seconds(text)))
        return sent_at

    async def _end_call(self) -> None:
        try:
            await self._line.end()
        except UpdateFailed as error:
            logger.error("%s: the call could not be ended: %s", self._call_sid, error)

    def _recognition(self, listening: Listening) -> RecognitionConfig:
        return RecognitionConfig(
            listening.language or self._script.language,
            listening.hints,
            self._script.pronunciations,
            expects=listening.kind,
        )

    # --- What comes back --------------------------------------------------------------------

    def _on_heard(self, event: ListenerEvent) -> None:
        match event:
            case SpeechStarted() | Interim():
                self._speaks_until = time.monotonic() + LONGEST_SPEECH_SECONDS
                self._note_if_speaking()
            case Final():
                self._speaks_until = 0.0
                text = printable(event.text)
                self._keypad.complete()
                self.post(talk.UtteranceHeard(text, event.confidence, time.monotonic()))
            case Reopened():
                logger.warning(
                    "%s: recognition reopened: %s; %d ms replayed",
                    self._call_sid,
                    event.reason,
                    event.replayed_ms,
                )
            case Rotated():
                logger.info("%s: recognition rotated", self._call_sid)
            case GaveUp():
                logger.error("%s: recognition given up: %s", self._call_sid, event.error)
                self.post(talk.HearingFailed())

    def _on_keys(self, keys: str) -> None:
        self.post(talk.UtteranceHeard(keys, None, time.monotonic()))

    # --- Tasks ------------------------------------------------------------------------------

    def _start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._on_done)
        return task

    def _on_done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.error("%s: a part of the session broke", self._call_sid, exc_info=error)

    def _on_taken(self, task: asyncio.Task[None]) -> None:
        """A turn that cannot be recorded or answered ends the call; nothing less does."""
        if not task.cancelled() and task.exception() is not None:
            self.post(talk.TurnFailed())

    async def _cancel_tasks(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def _then(answer: Answer) -> talk.Then:
    """Return what becomes of the call after an answer."""
    if actions.hangs_up(answer.action):
        return talk.Then.END
    directives = actions.directives(answer.action, answer.parameter)
    if any(isinstance(directive, Transfer) for directive in directives):
        return talk.Then.TRANSFER
    return talk.Then.LISTEN
