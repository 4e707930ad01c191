"""Runs one conversation on one media stream: its recognizer, its turns, its line.

`calls.conversation` decides what to do; this does it, and reports back what came of it.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import Any

from django.db import Error as DatabaseError

from calls import conversation as talk
from calls import errands, store
from calls.caller_turns import CallerTurns
from calls.deliveries import Delivery
from calls.dialogue_turns import DialogueTurns
from calls.errands import has_errand
from calls.live import changes
from calls.live.interims import Interims
from calls.models import CallEvent
from calls.say_delivery import SayDelivery
from calls.seams import seam_of
from calls.speech.listener import ListenerEvent
from calls.speech.recognizer import RecognitionConfig
from calls.store import OpenedStream, StreamCounts
from calls.stream_delivery import StreamDelivery
from calls.switchboard import Switchboard
from calls.time_limit import TimeLimit
from calls.twilio.rest import CallIsOver, UpdateFailed
from calls.twilio.say_line import SayLine
from calls.twilio.stream_line import StreamLine
from chatbot.answers import Rule
from chatbot.listening import Listening

logger = logging.getLogger(__name__)

LAST_WORDS_SECONDS = 0.6
"""How long a recognizer may take to report what a caller said who has hung up."""

BY_ITSELF_SECONDS = 1.0
"""How long a call on line `stream` whose socket broke may take to go on by itself, as it does where
we close the socket. Twilio's documents do not say; to be told twice would break off what comes."""

LISTEN_AFTER_SECONDS = 0.03
"""How much later than the answer the next recognition stream is opened."""


class CallSession:
    """One caller on one media stream. `hear` and `post` feed it; `run` lasts as long as it does."""

    def __init__(
        self, opened: OpenedStream, switchboard: Switchboard, send: Callable[[str], Awaitable[None]]
    ) -> None:
        """`send` sends a text frame on the media socket."""
        self._stream_id = opened.stream_id
        self._call_id = opened.call_id
        self._call_sid = opened.call_sid
        self._listening = opened.listening
        self._switchboard = switchboard
        self._store = switchboard.store
        self._rest = switchboard.rest_of(opened.account_sid)
        self._line = SayLine(opened.call_sid, opened.name, self._rest)
        self._say = SayDelivery(opened.call_id, self._line, self._store, self.post)
        self._stream_line: StreamLine | None = None
        self._delivery: Delivery = self._say
        if opened.streams:
            self._stream_line = StreamLine(opened.stream_sid, send)
            self._delivery = StreamDelivery(
                opened.call_id, self._stream_line, switchboard.speak, self._store, self.post
            )
        self._turns = DialogueTurns(opened, self._store, self.post)
        self._conversation = talk.Conversation(opened.call_sid, streams=opened.streams)
        self._interims = Interims(opened.call_id)
        self._caller = CallerTurns(
            switchboard.recognizers(opened.script.second_recognizer),
            opened.script,
            opened.context,
            post=self.post,
            note=self._note_seam,
            tell=self._interims.heard,
        )
        self._limit = TimeLimit(opened.began, lambda: self._turns.script, self.post)
        self._inbox: asyncio.Queue[talk.Event] = asyncio.Queue()
        self._tasks: set[asyncio.Task[None]] = set()
        self._sending: asyncio.Task[None] | None = None
        self._end_timer: asyncio.TimerHandle | None = None
        self.audio_bytes = 0

    def hear(self, audio: bytes) -> None:
        """Take the caller's audio, mu-law 8 kHz. Never blocks."""
        self.audio_bytes += len(audio)
        self._caller.hear(audio)

    def press(self, key: str) -> None:
        """Take a key that the caller pressed: a digit, * or #. Never blocks."""
        self._caller.press(key)

    def mark(self, name: str) -> None:
        """Take a mark that came back: what was sent before it was heard. Never blocks."""
        if self._stream_line is not None:
            self._stream_line.marked(name)

    def watched(self) -> None:
        """Take note that somebody reads along what the caller is saying. Never blocks."""
        self._interims.watched()

    def say_for_staff(self, turn_id: int) -> None:
        """Say a turn, on record, that a member of the staff wrote. Never blocks."""
        self._start(self._turns.take_staff_turn(turn_id))

    def catch_up(self) -> None:
        """Say what members of the staff wrote before this session could be told. Never blocks."""
        self._start(self._catch_up())

    @property
    def is_fed(self) -> bool:
        """Whether audio arrives. Twilio sends it in silence too: a quiet socket is a dead one."""
        return self._caller.is_fed

    def post(self, event: talk.Event) -> None:
        """Tell the conversation what happened. Never blocks."""
        self._inbox.put_nowait(event)

    async def run(self) -> talk.Leave:
        """Hold the conversation to its end; return how it ended.

        When this returns, the recognizer and all tasks of the session are gone.
        """
        self._listen(self._listening)
        self.post(talk.Begun(self._turns.pending()))
        if self._stream_line is not None:
            # On line `say` the call asks what to do by itself, and is told there.
            self._limit.start()
        try:
            while True:
                event = await self._inbox.get()
                for action in self._conversation.receive(event):
                    if isinstance(action, talk.Leave):
                        await self._hear_out()
                        return action
                    self._perform(action)
        finally:
            self._limit.stop()
            if self._end_timer is not None:
                self._end_timer.cancel()
            await self._caller.aclose()
            await self._interims.aclose()
            await self._cancel_tasks()

    async def close(self, leave: talk.Leave, counts: StreamCounts, *, is_lost: bool) -> None:
        """Put the end of the stream on record, and see to it that the call does not go deaf.

        `is_lost` tells that the socket is gone already.
        """
        try:
            await self._store.run(store.stream_close, self._stream_id, leave.reason, counts)
            changes.announce(self._call_id)
        except DatabaseError:
            # Goes stale on record by itself; the caller must not wait for that.
            logger.exception("%s: the end of the stream was not recorded", self._call_sid)
        logger.info(
            "%s: stream closed: %s; %d turns heard, %.1f s of audio, %d frames ignored, "
            "%d malformed",
            self._call_sid,
            leave.reason,
            self._turns.count,
            counts.audio_bytes / 8000,
            counts.frames_ignored,
            counts.frames_malformed,
        )
        try:
            await self._part(leave, is_lost)
        except DatabaseError:
            # The call asks what to do by itself, some seconds later, or its end is reported.
            logger.exception("%s: what becomes of the call was not recorded", self._call_sid)

    async def _part(self, leave: talk.Leave, is_lost: bool) -> None:
        """See to it that the call is over on record, or goes on."""
        match leave.fate:
            case talk.Fate.OVER:
                await self._store.run(store.call_over, self._call_id)
            case talk.Fate.UNKNOWN:
                if is_lost and self._stream_line is not None:
                    await asyncio.sleep(BY_ITSELF_SECONDS)
                await self._resume()
            case talk.Fate.DEAF:
                await self._store.run(store.call_deaf, self._call_id, leave.reason)
                if self._stream_line is None:
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
        self._turns.stop_asking()
        self._delivery.lose()
        await self._caller.finish(LAST_WORDS_SECONDS)
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
                if utterance.is_early:
                    self._turns.expect_early()
                self._start(self._turns.take(utterance)).add_done_callback(self._on_taken)
            case talk.SettleTurn(outcome):
                self._start(self._turns.settle(outcome))
            case talk.TakeSilence():
                self._start(self._turns.take_silence()).add_done_callback(self._on_taken)
            case talk.RecordTurn(utterance, is_aside):
                self._start(self._turns.record(utterance, Rule.ASIDE if is_aside else None))
            case talk.Listen(listening):
                # Opening a stream costs as much as sending an answer, and is in less of a
                # hurry: what the caller says meanwhile is kept and heard by the new stream.
                loop = asyncio.get_running_loop()
                loop.call_later(LISTEN_AFTER_SECONDS, self._listen, listening)
            case talk.StopListening():
                self._start(self._caller.stop())
            case talk.SendAnswer(answer):
                self._sending = self._start(self._send(answer))
                self._sending.add_done_callback(partial(self._on_sent, answer.turn_id))
            case talk.StopSpeaking():
                self._start(self._delivery.cut())
            case talk.ExpectSpeech():
                self._caller.expect_speech(self._turns.script.silence_seconds)
            case talk.Apologise():
                self._sending = self._start(self._apologise(after=self._sending))
            case talk.ExpectEnd(seconds):
                if self._end_timer is not None:
                    self._end_timer.cancel()
                else:
                    seconds += self._say.protected_seconds
                loop = asyncio.get_running_loop()
                self._end_timer = loop.call_later(seconds, self.post, talk.GoodbyeOverdue())
            case talk.EndCall():
                self._start(self._end_call())

    async def _note_speech(self) -> None:
        await self._store.run(store.call_heard, self._call_id)

    async def _send(self, decided: talk.AnswerDecided) -> None:
        if await self._delivery.deliver(self._turns.script, decided) and has_errand(decided.answer):
            self._start(self._run_errand(decided.turn_id))

    async def _catch_up(self) -> None:
        for turn_id in await self._store.run(store.staff_turns_due, self._call_id):
            await self._turns.take_staff_turn(turn_id)

    async def _run_errand(self, turn_id: int) -> None:
        message = await self._store.run(errands.message_claim, turn_id)
        if message is not None:
            problem = await errands.message_send(self._rest, message)
            await self._store.run(errands.message_record, turn_id, problem)

    async def _apologise(self, after: asyncio.Task[None] | None) -> None:
        if after is not None:
            # An answer that is still being sent could land behind the apology.
            after.cancel()
            await asyncio.wait({after})
        await self._say.apologise(self._turns.script)

    async def _end_call(self) -> None:
        try:
            await self._line.end()
        except UpdateFailed as error:
            logger.error("%s: the call could not be ended: %s", self._call_sid, error)

    # --- What was heard ---------------------------------------------------------------------

    def _listen(self, listening: Listening) -> None:
        script = self._turns.script
        config = RecognitionConfig(
            listening.language or script.language,
            listening.hints,
            script.pronunciations,
            listening.model,
            listening.kind,
        )
        self._caller.listen(config, script, self._turns.context)

    def _note_seam(self, event: ListenerEvent) -> None:
        """Put a seam of the recognition on the call's record."""
        seam = seam_of(event)
        if seam is None:
            return
        level = logging.INFO if seam.kind == CallEvent.Kind.ROTATED else logging.WARNING
        logger.log(level, "%s: %s: %s", self._call_sid, seam.kind.label, seam.detail)
        recording = self._store.run(
            store.event_record, self._call_id, seam.kind, seam.detail, seam.ms
        )
        self._start(recording)

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

    def _on_sent(self, turn_id: int, task: asyncio.Task[None]) -> None:
        """Nobody waits for an answer of which nothing more is told."""
        if not task.cancelled() and task.exception() is not None:
            self.post(talk.AnswerNotSent(turn_id))

    async def _cancel_tasks(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
