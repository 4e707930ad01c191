"""The ear of one call: it keeps a recognition stream open while the caller is to be heard.

Each caller turn gets one stream, opened by `Listener.listen` and dropped when its Final is there.
The audio behind that Final's end is kept and replayed to the next stream, so words spoken while the
answer was decided are not lost. So is a turn carried over a stream that fails or grows old, and
over to the next engine where one fails for good. An engine that costs money is asleep, without a
stream, while nobody speaks.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace

from calls.speech.ear import BYTES_PER_MS, Ear, open_stream
from calls.speech.engine_chain import EngineChain
from calls.speech.events import (
    EngineSilent,
    Final,
    RecognitionError,
    RecognitionEvent,
    SpeechStarted,
)
from calls.speech.listener_events import (
    EngineChanged,
    GaveUp,
    ListenerEvent,
    Reopened,
    Rotated,
    Slept,
    Woke,
)
from calls.speech.recognizer import RecognitionConfig, Recognizer
from calls.speech.ring_buffer import RingBuffer
from calls.speech.voice_trail import Stretch, VoiceTrail
from calls.speech.watchdog import Watchdog

__all__ = [
    "EngineChanged",
    "GaveUp",
    "Listener",
    "ListenerEvent",
    "Reopened",
    "Rotated",
    "Slept",
    "Woke",
]

logger = logging.getLogger(__name__)

KEPT_BYTES = 30_000 * BYTES_PER_MS
"""How much audio can be replayed: the longest gap that a call survives without losing words."""
LEAD_BYTES = 3_000 * BYTES_PER_MS
"""Engines report speech some time after it began; this much audio before is heard again."""
WAKE_LEAD_BYTES = 600 * BYTES_PER_MS
"""Words begin fainter than the detector of voice can tell; this much before is heard as well."""
HEALTHY_SECONDS = 10.0
"""A stream that lasted this long was no failed attempt."""
QUIET_SECONDS = 3.0
"""How long nobody speaks until a metered stream is ended: longer than a pause within a sentence,
and far shorter than the 10 s or so after which an engine ends a stream that gets no audio."""
SETTLE_SECONDS = 1.5
"""How long it may then take to report what it still knows."""


class Listener:
    """Turns the audio of one call into events; times are milliseconds since the first `hear`.

    All methods belong to one event loop. `emit` is called from it, must neither block nor raise,
    and may call `listen`. What waits for time (retries, age, silence) is looked at by `hear`, which
    a live call's audio calls many times a second, so there is no timer to leak.
    """

    def __init__(
        self,
        recognizers: Sequence[Recognizer],
        emit: Callable[[ListenerEvent], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take the engines, first choice first, the receiver of events, a clock in seconds."""
        self._engines = EngineChain(recognizers)
        self._emit = emit
        self._clock = clock
        self._heard = RingBuffer(KEPT_BYTES)
        self._voice = VoiceTrail(KEPT_BYTES)
        self._settled = 0
        """Audio before this position is reported in a Final, or known to be silence."""
        self._turn_runs = False
        """Whether the caller is to be heard."""
        self._config = RecognitionConfig(language="")
        """That of the running turn, or of the latest."""
        self._ear: Ear | None = None
        """None in a running turn means that the next attempt, or a voice, is waited for."""
        self._retry_at: float | None = None
        """When the next attempt is due, None while there is none to be made."""
        self._retry_reason = ""
        self._doubted = self._excused = 0
        """Voice before these positions was met with silence once; asks for no answer any more."""
        self._ending = False
        self._last_words: asyncio.Event | None = None
        """Exists while a caller who is gone is still listened to; set when that is over."""
        self._tasks: set[asyncio.Task[None]] = set()

    def listen(self, config: RecognitionConfig) -> None:
        """Begin a caller turn: hear all audio since the last Final's end, and what follows.

        Within a running turn, go on with this config; what is being said at the moment is kept.
        Ignored once `finish` or `aclose` was called.
        """
        if self._ending or (self._turn_runs and config == self._config):
            return
        self._config = config
        if self._turn_runs:
            if self._ear and self._ear.finished_at is None:
                self._replace(self._ear)
            return
        self._turn_runs = True
        if not self._engines.current.is_metered:
            self._open(self._settled)
        elif voice := self._voice.first_after(self._settled):
            self._open_for(voice)

    def hear(self, audio: bytes) -> None:
        """Take the caller's audio, mu-law 8 kHz, pieces of any length. Never blocks."""
        self._heard.append(audio)
        self._voice.feed(audio)
        if not self._turn_runs:
            return
        ear = self._ear
        if ear is None:
            self._go_on()
        elif ear.finished_at is not None:
            self._let_settle(ear, ear.finished_at)
        elif not (self._found_silent(ear) or self._rotated(ear) or self._fell_asleep(ear)):
            ear.stream.write(audio)

    async def finish(self, timeout: float) -> None:  # noqa: ASYNC109
        """The caller is gone: report what was still said, within `timeout` seconds, and close."""
        self._ending = True
        try:
            if self._turn_runs:
                self._engines.succeeded()
                self._last_words = asyncio.Event()
                if self._ear is None:
                    self._go_on()
                elif self._ear.finished_at is None:
                    self._ear.finish(self._voice.until, self._clock())
                async with asyncio.timeout(timeout):
                    await self._last_words.wait()
        except TimeoutError:
            logger.info("the last words of a call were waited for in vain, %.1f s", timeout)
        finally:
            await self.aclose()

    async def aclose(self) -> None:
        """Drop everything at once. When this returns no task and no stream is left."""
        self._ending = True
        self._turn_runs = False
        self._drop()
        while self._tasks:
            await asyncio.wait(self._tasks)

    # --- Streams ----------------------------------------------------------------------------

    def _open(self, start: int) -> int:
        """Open a stream that hears the call from position `start` on; return the ms replayed."""
        engine, now = self._engines.current, self._clock()
        stream = open_stream(engine, self._config)
        start = max(start, self._heard.start)
        watchdog = Watchdog(engine, self._voice, max(start, self._excused), now)
        ear = Ear(engine, stream, start, watchdog)
        replay = self._heard.since(start)
        if replay:
            stream.write(replay)
        if self._last_words:
            ear.finish(self._voice.until, now)
        self._drop()
        self._ear = ear
        self._retry_at = None
        ear.task = self._start(self._read(ear))
        # Not in a finally of the task, which may be cancelled before it has begun.
        ear.task.add_done_callback(lambda _: self._start(stream.aclose()))
        return len(replay) // BYTES_PER_MS

    def _open_for(self, voice: Stretch) -> int:
        """Open a stream that hears a voice from before its beginning; return the ms replayed."""
        self._settled = max(self._settled, voice.began - WAKE_LEAD_BYTES)
        return self._open(self._settled)

    def _start(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _drop(self) -> None:
        ear, self._ear = self._ear, None
        if ear and ear.task:
            ear.task.cancel()

    # --- Time -------------------------------------------------------------------------------

    def _go_on(self) -> None:
        """Open a stream if the next attempt is due, or a voice is there to be heard.

        Once the caller is gone no more audio comes: it is now or never.
        """
        if self._retry_at is not None:
            if self._last_words or self._clock() >= self._retry_at:
                self._reopen()
        elif voice := self._voice.first_after(self._settled):
            self._emit(Woke(self._open_for(voice)))
        elif self._last_words:
            self._last_words.set()

    def _found_silent(self, ear: Ear) -> bool:
        """Replace a stream that says nothing about a voice; return whether that was done."""
        if not ear.watchdog.is_due(self._clock()):
            return False
        was_doubted = self._doubt()
        if ear.recognizer.is_metered:
            # Whether it was a noise, or the engine is dead, shows where the next stream is ended.
            self._excused = self._heard.end
        elif was_doubted and self._engines.is_last:
            # A second stream heard nothing in it either, and nobody else is left to ask.
            self._excused = self._heard.end
            ear.watchdog.excuse(self._excused)
            return False
        self._drop()
        self._failed(ear, EngineSilent(f"the {ear.recognizer.name} engine says nothing"))
        return True

    def _doubt(self) -> bool:
        """Note that the voice so far was not answered; return whether all of it was before."""
        is_old = self._voice.first_after(self._doubted) is None
        self._doubted = self._heard.end
        return is_old

    def _rotated(self, ear: Ear) -> bool:
        """Replace a stream that is near the engine's limit; return whether that was done."""
        now = self._clock()
        if not ear.is_old(now):
            return False
        self._engines.succeeded()
        self._emit(Rotated(ear.age(now), self._replace(ear)))
        return True

    def _replace(self, ear: Ear) -> int:
        """Open a stream in place of a sound one, with the running utterance; return ms replayed."""
        if ear.speech_from is not None:
            return self._open(max(self._settled, ear.speech_from - LEAD_BYTES))
        start = self._heard.end - LEAD_BYTES
        if voice := ear.watchdog.unanswered():
            start = min(start, voice.began - WAKE_LEAD_BYTES)
        self._settled = max(self._settled, start)
        return self._open(self._settled)

    def _fell_asleep(self, ear: Ear) -> bool:
        """End a metered stream if nobody speaks; return whether that was done.

        What the engine still knows becomes a Final; a voice that it has not answered is left to the
        watchdog.
        """
        if (
            not ear.recognizer.is_metered
            or self._heard.end - self._voice.until < QUIET_SECONDS * 1000 * BYTES_PER_MS
            or self._clock() - ear.watchdog.answered_at < QUIET_SECONDS
            or ear.watchdog.unanswered()
        ):
            return False
        now = self._clock()
        ear.finish(self._voice.until, now)
        self._emit(Slept(ear.age(now)))
        return True

    def _let_settle(self, ear: Ear, finished_at: float) -> None:
        """Wait no longer than reasonable for the end of a stream that was finished for silence."""
        if self._clock() - finished_at < SETTLE_SECONDS:
            return
        self._drop()
        # A sound engine ends its stream, also one in which it heard nothing but a noise.
        if ear.speech_from is None and self._excused <= self._settled:
            self._sleep(ear)
        else:
            self._failed(ear, EngineSilent(f"the {ear.recognizer.name} engine does not finish"))

    def _sleep(self, ear: Ear) -> None:
        """Be without a stream until somebody speaks, or go on with who already does."""
        self._settled = max(self._settled, ear.quiet_from)
        self._go_on()

    # --- What the engine says ---------------------------------------------------------------

    async def _read(self, ear: Ear) -> None:
        def report(event: RecognitionEvent) -> bool:
            self._report(ear, event)
            return ear is self._ear

        failure = await ear.read(report)
        if ear is self._ear:
            self._ended(ear, failure)

    def _report(self, ear: Ear, event: RecognitionEvent) -> None:
        ear.watchdog.note(event, self._heard.end, self._clock())
        if isinstance(event, Final):
            self._engines.succeeded()
            end = min(ear.position(event.end_ms), self._heard.end)
            self._settled = max(self._settled, end)
            ear.speech_from = None
            if self._last_words is None:
                self._turn_runs = False
                self._ear = None
            self._emit(replace(event, end_ms=end // BYTES_PER_MS))
        elif isinstance(event, SpeechStarted):
            began = ear.position(event.at_ms)
            if ear.speech_from is None:
                ear.speech_from = began
            self._emit(SpeechStarted(began // BYTES_PER_MS))
        else:
            if ear.speech_from is None:
                ear.speech_from = self._settled
            self._emit(event)

    def _ended(self, ear: Ear, failure: RecognitionError | None) -> None:
        """Decide what follows a stream that ended while it was needed; None: as it was told to."""
        self._ear = None
        is_falling_asleep = ear.finished_at is not None and not self._last_words
        if failure is None and is_falling_asleep and ear.watchdog.owes_final and not self._doubt():
            failure = EngineSilent(f"the {ear.recognizer.name} engine keeps back a transcript")
        if failure is None:
            self._engines.succeeded()
            self._sleep(ear)
        elif is_falling_asleep and ear.speech_from is None and self._excused <= self._settled:
            self._sleep(ear)
        else:
            self._failed(ear, failure)

    def _failed(self, ear: Ear, error: RecognitionError) -> None:
        """Decide when, and on which engine, to hear again what a failed stream was given."""
        now = self._clock()
        is_silent = isinstance(error, EngineSilent)
        lasted = (ear.watchdog.answered_at if is_silent else now) - ear.opened_at
        if lasted >= HEALTHY_SECONDS:
            self._engines.succeeded()
        delay = self._engines.retry_delay(error, now, hurried=self._last_words is not None)
        if delay is None:
            self._leave_engine(error)
            return
        self._retry_at, self._retry_reason = now + delay, str(error)
        if not delay:
            self._reopen()

    def _reopen(self) -> None:
        self._emit(Reopened(self._retry_reason, self._open(self._settled)))

    def _leave_engine(self, error: RecognitionError) -> None:
        if self._engines.advance():
            self._doubted = self._excused = 0
            replayed_ms = self._open(self._settled)
            self._emit(EngineChanged(self._engines.current.name, str(error), replayed_ms))
            return
        self._turn_runs = False
        self._emit(GaveUp(error))
        if self._last_words:
            self._last_words.set()
