"""The ear of one call: it keeps a recognition stream open while the caller is to be heard.

Each caller turn gets one stream, opened by `Listener.listen` and dropped when its Final is there.
The audio behind that Final's end is kept and replayed to the next stream, so words spoken while the
answer was decided are not lost. So is a turn carried over a stream that fails or grows old.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass, replace

from calls.speech.events import (
    EngineUnavailable,
    Final,
    Interim,
    RecognitionError,
    RecognitionEvent,
    SpeechStarted,
)
from calls.speech.recognizer import RecognitionConfig, RecognitionStream, Recognizer
from calls.speech.ring_buffer import RingBuffer

logger = logging.getLogger(__name__)

BYTES_PER_MS = 8
KEPT_BYTES = 30_000 * BYTES_PER_MS
"""How much audio can be replayed: the longest gap that a call survives without losing words."""
LEAD_BYTES = 3_000 * BYTES_PER_MS
"""Engines report speech some time after it began; this much audio before is heard again."""
RETRY_DELAYS = (0.0, 0.25, 0.5, 1.0, 2.0, 4.0)
"""Seconds before the first, second, … attempt to reopen; after the last the turn is given up."""
HEALTHY_SECONDS = 10.0
"""A stream that lasted this long was no failed attempt."""
QUIET_AGE = 0.8
SPEAKING_AGE = 0.97
"""Parts of the engine's limit at which a stream is replaced, in silence and while speech runs."""


@dataclass(frozen=True, slots=True)
class Reopened:
    """A stream failed and a new one took over, with `replayed_ms` of audio heard again."""

    reason: str
    replayed_ms: int


@dataclass(frozen=True, slots=True)
class Rotated:
    """A stream came near the engine's time limit and a new one took over."""

    age_seconds: float
    replayed_ms: int


@dataclass(frozen=True, slots=True)
class GaveUp:
    """The turn cannot be heard; the listener is idle until the next `listen`."""

    error: RecognitionError


ListenerEvent = SpeechStarted | Interim | Final | Reopened | Rotated | GaveUp


@dataclass(eq=False, slots=True)
class _Ear:
    """One stream and where it stands in the call; positions are bytes of the whole call's audio."""

    config: RecognitionConfig
    stream: RecognitionStream
    origin: int
    opened_at: float
    speech_from: int | None = None
    task: asyncio.Task[None] | None = None

    def position(self, ms: int) -> int:
        return self.origin + ms * BYTES_PER_MS


class _BrokenStream:
    """Stands for a stream that could not be opened: it fails, as one that was."""

    def __init__(self, reason: str) -> None:
        self._reason = reason

    def write(self, audio: bytes) -> None:
        """Nobody hears it."""

    def finish(self) -> None:
        """Nothing was heard."""

    async def __aiter__(self) -> AsyncIterator[RecognitionEvent]:
        raise EngineUnavailable(self._reason)
        yield  # makes it an iterator

    async def aclose(self) -> None:
        """Nothing is held."""


class Listener:
    """Turns the audio of one call into events; times are milliseconds since the first `hear`.

    All methods belong to one event loop. `emit` is called from it, must neither block nor raise,
    and may call `listen`. What waits for time (retries, age) is looked at by `hear`, which a live
    call's audio calls many times a second, so there is no timer to leak.
    """

    def __init__(
        self,
        recognizer: Recognizer,
        emit: Callable[[ListenerEvent], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take the engine, the receiver of events, and a clock in seconds."""
        self._recognizer = recognizer
        self._emit = emit
        self._clock = clock
        self._heard = RingBuffer(KEPT_BYTES)
        self._settled = 0
        """Audio before this position is reported in a Final, or known to be silence."""
        self._config: RecognitionConfig | None = None
        """That of the running turn, or None while the caller is not to be heard."""
        self._ear: _Ear | None = None
        """None in a running turn means that the next attempt is waited for."""
        self._failures = 0
        self._retry_at = 0.0
        self._retry_reason = ""
        self._ending = False
        self._last_words: asyncio.Event | None = None
        """Exists while a caller who is gone is still listened to; set when that is over."""
        self._tasks: set[asyncio.Task[None]] = set()

    def listen(self, config: RecognitionConfig) -> None:
        """Begin a caller turn: open a stream that first hears all audio since the last Final's end.

        Within a running turn, go on with this config; what is being said at the moment is kept.
        Ignored once `finish` or `aclose` was called.
        """
        if self._ending or config == self._config:
            return
        turn_runs = self._config is not None
        self._config = config
        if not turn_runs:
            self._failures = 0
            self._open(self._settled, config)
        elif self._ear:
            self._replace(self._ear, config)

    def hear(self, audio: bytes) -> None:
        """Take the caller's audio, mu-law 8 kHz, pieces of any length. Never blocks."""
        self._heard.append(audio)
        if self._config is None:
            return
        if self._ear is None:
            if self._clock() >= self._retry_at:
                self._reopen(self._config)
        elif not self._rotated(self._ear):
            self._ear.stream.write(audio)

    async def finish(self, timeout: float) -> None:  # noqa: ASYNC109
        """The caller is gone: report what was still said, within `timeout` seconds, and close."""
        self._ending = True
        try:
            if self._config is not None:
                self._failures = 0
                self._last_words = asyncio.Event()
                if self._ear is None:
                    self._reopen(self._config)
                else:
                    self._ear.stream.finish()
                async with asyncio.timeout(timeout):
                    await self._last_words.wait()
        except TimeoutError:
            logger.info("the last words of a call were waited for in vain, %.1f s", timeout)
        finally:
            await self.aclose()

    async def aclose(self) -> None:
        """Drop everything at once. When this returns no task and no stream is left."""
        self._ending = True
        self._config = None
        self._drop()
        while self._tasks:
            await asyncio.wait(self._tasks)

    def _open(self, start: int, config: RecognitionConfig) -> int:
        """Open a stream that hears the call from position `start` on; return the ms replayed."""
        stream = self._recognizer.open(config)
        ear = _Ear(config, stream, max(start, self._heard.start), self._clock())
        replay = self._heard.since(ear.origin)
        if replay:
            stream.write(replay)
        if self._last_words:
            stream.finish()
        self._drop()
        self._ear = ear
        ear.task = self._start(self._read(ear))
        # Not in a finally of the task, which may be cancelled before it has begun.
        ear.task.add_done_callback(lambda _: self._start(stream.aclose()))
        return len(replay) // BYTES_PER_MS

    def _start(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _drop(self) -> None:
        ear, self._ear = self._ear, None
        if ear and ear.task:
            ear.task.cancel()

    def _reopen(self, config: RecognitionConfig) -> None:
        replayed_ms = self._open(self._settled, config)
        self._emit(Reopened(self._retry_reason, replayed_ms))

    def _rotated(self, ear: _Ear) -> bool:
        """Replace a stream that is near the engine's limit; return whether that was done."""
        limit = self._recognizer.max_stream_seconds
        if limit is None:
            return False
        age = self._clock() - ear.opened_at
        if age < limit * (QUIET_AGE if ear.speech_from is None else SPEAKING_AGE):
            return False
        self._failures = 0
        replayed_ms = self._replace(ear, ear.config)
        self._emit(Rotated(age, replayed_ms))
        return True

    def _replace(self, ear: _Ear, config: RecognitionConfig) -> int:
        """Open a stream in place of a sound one, with the running utterance; return ms replayed."""
        if ear.speech_from is not None:
            return self._open(max(self._settled, ear.speech_from - LEAD_BYTES), config)
        self._settled = max(self._settled, self._heard.end - LEAD_BYTES)
        return self._open(self._settled, config)

    async def _read(self, ear: _Ear) -> None:
        failure: RecognitionError | None = None
        try:
            async for event in ear.stream:
                self._report(ear, event)
                if ear is not self._ear:
                    return
        except RecognitionError as error:
            failure = error
        except Exception as error:
            # A defect of an engine must not leave the call deaf.
            logger.exception("the %s engine broke", self._recognizer.name)
            failure = EngineUnavailable(
                f"the {self._recognizer.name} engine broke: {type(error).__name__}"
            )
        self._ended(ear, failure)

    def _report(self, ear: _Ear, event: RecognitionEvent) -> None:
        # One failure stays counted: an engine that speaks and fails in turns must not spin.
        self._failures = min(self._failures, 1)
        if isinstance(event, Final):
            end = min(ear.position(event.end_ms), self._heard.end)
            self._settled = max(self._settled, end)
            ear.speech_from = None
            if self._last_words is None:
                self._config = self._ear = None
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

    def _ended(self, ear: _Ear, failure: RecognitionError | None) -> None:
        """Decide what follows a stream that ended while it was needed; None for an orderly end."""
        self._ear = None
        if self._last_words and failure is None:
            self._last_words.set()
            return
        error = failure or EngineUnavailable(
            f"the {self._recognizer.name} engine ended the stream without a result"
        )
        if self._clock() - ear.opened_at >= HEALTHY_SECONDS:
            self._failures = 0
        self._failures += 1
        # Once the caller is gone no audio comes that could lead to later attempts.
        attempts = 1 if self._last_words else len(RETRY_DELAYS)
        if not error.retryable or self._failures > attempts:
            self._config = None
            self._emit(GaveUp(error))
            if self._last_words:
                self._last_words.set()
            return
        self._retry_reason = str(error)
        delay = RETRY_DELAYS[self._failures - 1]
        if delay:
            self._retry_at = self._clock() + delay
        else:
            self._reopen(ear.config)
