"""Runs one conversation on one media stream: its recognizer, its turns, its line.

`calls.conversation` decides what to do; this does it, and reports back what came of it.
"""

import asyncio
import logging
import time
from collections.abc import Coroutine
from typing import Any

from calls import conversation as talk
from calls import store
from calls.addresses import public_url
from calls.models import Turn
from calls.speech.events import Final, Interim, SpeechStarted
from calls.speech.listener import GaveUp, Listener, ListenerEvent, Reopened, Rotated
from calls.speech.recognizer import RecognitionConfig
from calls.store import OpenedStream, StreamCounts
from calls.switchboard import Switchboard
from calls.twilio import twiml
from calls.twilio.rest import CallIsOver, UpdateFailed
from chatbot import dialogue

logger = logging.getLogger(__name__)

PIECE_BYTES = 800
"""Audio goes to the recognizer in pieces of 100 ms: five of Twilio's frames."""

LAST_WORDS_SECONDS = 0.6
"""How long a recognizer may take to report what a caller said who has hung up."""

LISTEN_AFTER_SECONDS = 0.03
"""How much later than the answer the next recognition stream is opened."""

SPEECH_NOTE_SECONDS = 1.0
"""How often it is put on record that the caller is speaking, while he is."""


class CallSession:
    """One caller on one media stream. `hear` and `post` feed it; `run` lasts as long as it does."""

    def __init__(self, opened: OpenedStream, switchboard: Switchboard) -> None:
        self._stream_id = opened.stream_id
        self._call_id = opened.call_id
        self._call_sid = opened.call_sid
        self._script = opened.script
        self._switchboard = switchboard
        self._store = switchboard.store
        self._rest = switchboard.rest
        self._conversation = talk.Conversation(opened.call_sid)
        self._listener = Listener(switchboard.recognizer, self._on_heard)
        self._inbox: asyncio.Queue[talk.Event] = asyncio.Queue()
        self._tasks: set[asyncio.Task[None]] = set()
        self._sending: asyncio.Task[None] | None = None
        self._writing = asyncio.Lock()
        self._end_timer: asyncio.TimerHandle | None = None
        self._piece = bytearray()
        self._speech_noted_at = 0.0
        self._turns = 0
        self.audio_bytes = 0

    def hear(self, audio: bytes) -> None:
        """Take the caller's audio, mu-law 8 kHz. Never blocks."""
        self.audio_bytes += len(audio)
        self._piece += audio
        if len(self._piece) >= PIECE_BYTES:
            self._listener.hear(bytes(self._piece))
            self._piece.clear()

    def post(self, event: talk.Event) -> None:
        """Tell the conversation what happened. Never blocks."""
        self._inbox.put_nowait(event)

    async def run(self) -> talk.Leave:
        """Hold the conversation to its end; return how it ended.

        When this returns, the recognizer and all tasks of the session are gone.
        """
        self._listener.listen(self._recognition(self._script.hints))
        try:
            while True:
                event = await self._inbox.get()
                for action in self._conversation.receive(event):
                    if isinstance(action, talk.Leave):
                        await self._hear_out()
                        return action
                    self._perform(action)
        finally:
            if self._end_timer is not None:
                self._end_timer.cancel()
            await self._listener.aclose()
            await self._cancel_tasks()

    async def close(self, leave: talk.Leave, counts: StreamCounts) -> None:
        """Put the end of the stream on record, and see to it that the call does not go deaf."""
        await self._store.run(store.stream_close, self._stream_id, leave.reason, counts)
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
            await self._rest.redirect(self._call_sid, public_url("voice-next"))
        except CallIsOver:
            await self._store.run(store.call_over, self._call_id)
        except UpdateFailed as error:
            # Its TwiML ends in the same question, some seconds later.
            logger.warning("%s: not resumed at once: %s", self._call_sid, error)
        else:
            logger.warning("%s: lost its stream and was told to go on", self._call_sid)

    async def _hear_out(self) -> None:
        """Record the caller's last words, where they become final in time."""
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
                self._start(self._take_turn(utterance))
            case talk.RecordTurn(utterance):
                self._start(self._record_turn(utterance))
            case talk.Listen(hints):
                # Opening a stream costs as much as sending an answer, and is in less of a
                # hurry: what the caller says meanwhile is kept and heard by the new stream.
                loop = asyncio.get_running_loop()
                loop.call_later(
                    LISTEN_AFTER_SECONDS, self._listener.listen, self._recognition(hints)
                )
            case talk.StopListening():
                self._start(self._listener.aclose())
            case talk.SendAnswer(answer):
                self._sending = self._start(self._send(answer))
            case talk.Apologise():
                self._sending = self._start(self._apologise())
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
        async with self._writing:
            turn = await self._store.run(
                store.turn_take,
                self._call_id,
                self._script.bot_id,
                utterance.text,
                utterance.confidence,
            )
        self._turns += 1
        self._script = turn.script
        self.post(
            talk.AnswerDecided(
                turn.answer_id,
                turn.answer.text,
                turn.answer.hints,
                utterance.heard_at,
                ends_call=turn.ends_call,
            )
        )

    async def _record_turn(self, utterance: talk.UtteranceHeard) -> None:
        async with self._writing:
            await self._store.run(
                store.caller_turn_record, self._call_id, utterance.text, utterance.confidence
            )
        self._turns += 1

    async def _send(self, answer: talk.AnswerDecided) -> None:
        answer_ms = round((time.monotonic() - answer.heard_at) * 1000)
        document = self._document(answer.text, ends_call=answer.ends_call)
        delivery = Turn.Delivery.FAILED
        if len(document) > twiml.MAX_UPDATE_CHARACTERS:
            # Too long to be sent. On record as unsaid, it is said when the call asks.
            await self._store.run(store.answer_delivered, answer.turn_id, delivery, answer_ms)
            redirect = self._rest.redirect(self._call_sid, public_url("voice-next"))
            await self._update(redirect, answer.text)
            return
        try:
            if await self._update(self._rest.replace(self._call_sid, document), answer.text):
                delivery = Turn.Delivery.SENT
        finally:
            # Also when the session is left meanwhile: what was not sent must not count as said.
            await self._store.run(store.answer_delivered, answer.turn_id, delivery, answer_ms)

    async def _apologise(self) -> None:
        answer, state = dialogue.apologise(self._script, dialogue.State())
        document = self._document(answer.text, ends_call=True)
        # First said, then recorded: that the record fails may be why there is an apology.
        taken = await self._update(self._rest.replace(self._call_sid, document), answer.text)
        delivery = Turn.Delivery.SENT if taken else Turn.Delivery.FAILED
        await self._store.run(store.apology_record, self._call_id, answer, state, delivery)

    def _document(self, text: str, *, ends_call: bool) -> str:
        voice = twiml.Voice(self._script.language, self._script.voice)
        if ends_call:
            return twiml.say_and_hang_up(text, voice)
        return twiml.say(text, voice, self._script.silence_seconds, public_url("voice-next"))

    async def _update(self, update: Coroutine[Any, Any, None], text: str) -> bool:
        """Carry out an update that has Twilio speak; post what came of it. True if it was taken."""
        try:
            await update
        except CallIsOver:
            self.post(talk.CallEnded())
            return False
        except UpdateFailed as error:
            logger.error("%s: an answer was not sent: %s", self._call_sid, error)
            self.post(talk.AnswerNotSent())
            return False
        self.post(talk.AnswerSent(twiml.speaking_seconds(text)))
        return True

    async def _end_call(self) -> None:
        try:
            await self._rest.end(self._call_sid)
        except UpdateFailed as error:
            logger.error("%s: the call could not be ended: %s", self._call_sid, error)

    def _recognition(self, hints: tuple[str, ...]) -> RecognitionConfig:
        return RecognitionConfig(self._script.language, hints, self._script.pronunciations)

    # --- What comes back --------------------------------------------------------------------

    def _on_heard(self, event: ListenerEvent) -> None:
        match event:
            case SpeechStarted() | Interim():
                now = time.monotonic()
                if now - self._speech_noted_at >= SPEECH_NOTE_SECONDS:
                    self._speech_noted_at = now
                    self.post(talk.SpeechHeard())
            case Final():
                self.post(talk.UtteranceHeard(event.text, event.confidence, time.monotonic()))
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
            self.post(talk.TurnFailed())

    async def _cancel_tasks(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
