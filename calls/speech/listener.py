"""The ear of one call: it keeps a recognition stream open while the caller is to be heard.

Each caller turn gets one stream, opened by `Listener.listen` and dropped when its Final is there.
The audio behind that Final's end is kept and replayed to the next stream, so words spoken while the
answer was decided are not lost. So is a turn carried over a stream that fails or grows old, and
over to the next engine where one fails for good.

An engine that costs money hears the beginning of each turn, be it silent, since callers mostly
answer soon. In a longer silence it is asleep, without a stream, until there is a voice, or any loud
sound: what is no voice to the detector may be one all the same.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from calls.speech.call_audio import BYTES_PER_MS, CallAudio
from calls.speech.ear import Ear, open_stream
from calls.speech.ears import Ears
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

LEAD_BYTES = 3_000 * BYTES_PER_MS
"""Engines report speech some time after it began; this much audio before is heard again."""
HEALTHY_SECONDS = 10.0
"""A stream that lasted this long was no failed attempt."""
QUIET_SECONDS = 3.0
"""How long all is quiet until a metered stream is ended: longer than a pause within a sentence,
and far shorter than the 10 s or so after which an engine ends a stream that gets no audio."""
IDLE_SECONDS = 1.0
"""How long, where a sound woke the listener and the engine heard nobody speak: it was a noise."""
SETTLE_SECONDS = 1.5
"""How long it may then take to report what it still knows."""
UNHURRIED_SECONDS = 5.0
"""How long, where it probably knows nothing, and there is no sound that has to wait for it."""


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
        self._audio = CallAudio()
        self._turn_runs = False
        """Whether the caller is to be heard."""
        self._config = RecognitionConfig(language="")
        """That of the running turn, or of the latest."""
        self._ears = Ears(self._report, self._ended)
        """That none is open in a running turn means that an attempt, or a sound, is waited for."""
        self._retry_at: float | None = None
        """When the next attempt is due, None while there is none to be made."""
        self._retry_reason = ""
        self._ending = False
        self._last_words: asyncio.Event | None = None
        """Exists while a caller who is gone is still listened to; set when that is over."""

    def listen(self, config: RecognitionConfig) -> None:
        """Begin a caller turn: hear all audio since the last Final's end, and what follows.

        Within a running turn, go on with this config, awake; what is being said at the moment is
        kept. Ignored once `finish` or `aclose` was called.
        """
        if self._ending:
            return
        is_changed = config != self._config
        self._config = config
        ear = self._ears.current
        if not self._turn_runs:
            self._turn_runs = True
            self._begin()
        elif ear is None:
            if self._retry_at is None:
                self._begin()
        elif ear.finished_at is not None:
            ear.is_wanted = True
        elif is_changed:
            self._replace(ear)

    def hear(self, audio: bytes) -> None:
        """Take the caller's audio, mu-law 8 kHz, pieces of any length. Never blocks."""
        self._audio.feed(audio)
        if not self._turn_runs:
            return
        ear = self._ears.current
        if ear is None:
            self._go_on()
        elif ear.finished_at is not None:
            self._let_settle(ear, ear.finished_at)
        elif not (self._found_silent(ear) or self._rotated(ear) or self._fell_asleep(ear)):
            ear.stream.write(audio)

    @property
    def has_unanswered_voice(self) -> bool:
        """Whether a metered engine was given a voice in this turn, and told of none.

        It may be deaf, or the voice a noise: that shows in some seconds, when the engine is given
        up, or ends its stream in a silence. Other engines are asked for no answer to a noise.
        """
        ear = self._ears.current
        return (
            self._turn_runs
            and self._engines.current.is_metered
            and (ear is None or ear.speech_from is None)
            and self._audio.has_unsettled_voice()
        )

    async def finish(self, timeout: float) -> None:  # noqa: ASYNC109
        """The caller is gone: report what was still said, within `timeout` seconds, and close."""
        self._ending = True
        try:
            if self._turn_runs:
                self._engines.succeeded()
                self._last_words = asyncio.Event()
                ear = self._ears.current
                if ear is None:
                    self._go_on()
                elif ear.finished_at is None:
                    ear.finish(self._audio.quiet_from, self._clock())
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
        await self._ears.aclose()

    # --- Streams ----------------------------------------------------------------------------

    def _begin(self) -> None:
        """Open a stream for a caller who is expected to speak, without the silence before.

        Callers mostly answer soon, and some so faintly that nothing here would notice.
        """
        if self._engines.current.is_metered:
            self._audio.settle_silence()
        self._open(self._audio.settled)

    def _wake(self) -> None:
        """Open a stream for a sound in the silence."""
        self._emit(Woke(self._open(self._audio.settled, is_woken=True)))

    def _open(self, start: int, is_woken: bool = False) -> int:
        """Open a stream that hears the call from position `start` on; return the ms replayed."""
        engine, now = self._engines.current, self._clock()
        start = max(start, self._audio.start)
        watchdog = Watchdog(engine, self._audio.voice, max(start, self._audio.excused), now)
        ear = Ear(engine, open_stream(engine, self._config), start, watchdog)
        ear.is_woken = is_woken
        replay = self._audio.since(start)
        if replay:
            ear.stream.write(replay)
        if self._last_words:
            ear.finish(self._audio.quiet_from, now)
        self._ears.replace(ear)
        self._retry_at = None
        return len(replay) // BYTES_PER_MS

    # --- Time -------------------------------------------------------------------------------

    def _go_on(self) -> None:
        """Open a stream if the next attempt is due, or a sound is there to be heard.

        Once the caller is gone no more audio comes: it is now or never.
        """
        if self._retry_at is not None:
            if self._last_words or self._clock() >= self._retry_at:
                self._reopen()
        elif self._audio.unheard():
            self._audio.settle_silence()
            self._wake()
        elif self._last_words:
            self._last_words.set()

    def _found_silent(self, ear: Ear) -> bool:
        """Replace a stream that says nothing about a voice; return whether that was done."""
        if not ear.watchdog.is_due(self._clock()):
            return False
        was_doubted = self._audio.doubt()
        if ear.recognizer.is_metered:
            # Whether it was a noise, or the engine is dead, shows where the next stream is ended.
            self._audio.excuse()
        elif was_doubted and self._engines.is_last:
            # A second stream heard nothing in it either, and nobody else is left to ask.
            self._audio.excuse()
            ear.watchdog.excuse(self._audio.excused)
            return False
        self._ears.drop()
        self._failed(ear, EngineSilent(f"the {ear.recognizer.name} engine says nothing"))
        return True

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
            return self._open(max(self._audio.settled, ear.speech_from - LEAD_BYTES))
        start = self._audio.end - LEAD_BYTES
        if voice := ear.watchdog.unanswered():
            start = min(start, self._audio.before(voice))
        self._audio.settle(start)
        return self._open(self._audio.settled)

    def _fell_asleep(self, ear: Ear) -> bool:
        """End a metered stream if all is quiet; return whether that was done.

        What the engine still knows becomes a Final; a voice that it has not answered is left to the
        watchdog.
        """
        if not ear.recognizer.is_metered:
            return False
        now = self._clock()
        limit = IDLE_SECONDS if ear.is_woken and self._owes_nothing(ear) else QUIET_SECONDS
        if (
            self._audio.quiet_seconds() < limit
            or now - ear.watchdog.answered_at < limit
            or ear.watchdog.unanswered()
        ):
            return False
        ear.finish(self._audio.quiet_from, now)
        self._emit(Slept(ear.age(now)))
        return True

    def _let_settle(self, ear: Ear, finished_at: float) -> None:
        """Wait no longer than reasonable for the end of a stream that was finished for silence."""
        waited = self._clock() - finished_at
        has_sound = self._audio.sound_after(ear.quiet_from) is not None
        owes_nothing = self._owes_nothing(ear)
        is_unhurried = owes_nothing and not has_sound and not ear.is_wanted
        if waited < (UNHURRIED_SECONDS if is_unhurried else SETTLE_SECONDS):
            return
        self._ears.drop()
        if owes_nothing and has_sound:
            # With what the stream before was given: it may have been the faint begin of a word.
            self._wake()
        elif owes_nothing:
            self._sleep(ear)
        else:
            self._failed(ear, EngineSilent(f"the {ear.recognizer.name} engine does not finish"))

    def _owes_nothing(self, ear: Ear) -> bool:
        """Whether there is no speech that the engine told of, or kept silent about before.

        What it kept silent about may be a noise: then it still ends its stream where it is told to.
        """
        return ear.speech_from is None and self._audio.excused <= self._audio.settled

    def _sleep(self, ear: Ear) -> None:
        """Be without a stream until there is a sound, or go on for who speaks or is to speak."""
        self._audio.settle(ear.quiet_from)
        if ear.is_wanted and not self._last_words:
            self._begin()
        else:
            self._go_on()

    # --- What the engine says ---------------------------------------------------------------

    def _report(self, ear: Ear, event: RecognitionEvent) -> None:
        ear.watchdog.note(event, self._audio.end, self._clock())
        if isinstance(event, Final):
            self._engines.succeeded()
            end = min(ear.position(event.end_ms), self._audio.end)
            self._audio.settle(end)
            ear.speech_from = None
            if self._last_words is None:
                self._turn_runs = False
                self._ears.drop()
            self._emit(replace(event, end_ms=end // BYTES_PER_MS))
        elif isinstance(event, SpeechStarted):
            began = ear.position(event.at_ms)
            if ear.speech_from is None:
                ear.speech_from = began
            self._emit(SpeechStarted(began // BYTES_PER_MS))
        else:
            if ear.speech_from is None:
                ear.speech_from = self._audio.settled
            self._emit(event)

    def _ended(self, ear: Ear, failure: RecognitionError | None) -> None:
        """Decide what follows a stream that ended while it was needed; None: as it was told to."""
        is_falling_asleep = ear.finished_at is not None and not self._last_words
        if (
            failure is None
            and is_falling_asleep
            and ear.watchdog.owes_final
            and not self._audio.doubt()
        ):
            failure = EngineSilent(f"the {ear.recognizer.name} engine keeps back a transcript")
        if failure is None:
            self._engines.succeeded()
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
        self._emit(Reopened(self._retry_reason, self._open(self._audio.settled)))

    def _leave_engine(self, error: RecognitionError) -> None:
        if self._engines.advance():
            self._audio.ask_anew()
            replayed_ms = self._open(self._audio.settled)
            self._emit(EngineChanged(self._engines.current.name, str(error), replayed_ms))
            return
        self._turn_runs = False
        self._emit(GaveUp(error))
        if self._last_words:
            self._last_words.set()
