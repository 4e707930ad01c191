"""Whole calls in which streams fail, fall silent, grow old, sleep and change engines at random."""

import asyncio
import random
from itertools import pairwise
from typing import cast

import numpy as np
import pytest

from calls.speech import mulaw
from calls.speech.events import (
    EngineRefused,
    Final,
    Interim,
    RecognitionEvent,
    SpeechStarted,
    StreamLimitReached,
)
from calls.speech.listener import EngineChanged, GaveUp, Reopened, Rotated, Slept, Woke
from calls.speech.recognizer import RecognitionConfig
from tests.calls.speech.listening import DOWN, FIRST, SECOND, Call, audio
from tests.calls.speech.scripted import ScriptedRecognizer, ScriptedStream

SEEDS = range(200)
SILENCE = b"\xff\x7f"
STEP_BYTES = 80
PAUSE_BYTES = 200 * 8
INTERIM_BYTES = 250 * 8
WORDS = 16


def _word(number: int) -> bytes:
    """Return 300 to 600 ms of a voice of its own pitch."""
    time = np.arange(8 * (300 + 20 * number)) / 8000
    tones = sum(np.sin(2 * np.pi * (110 + 7 * number) * n * time) / n for n in range(1, 20))
    swell = 0.6 + 0.4 * np.sin(2 * np.pi * 4 * time)
    return mulaw.from_pcm((4000 * tones * swell).astype(np.int16))


SPOKEN = [_word(number) for number in range(WORDS)]
TEXTS = {sound.translate(None, SILENCE): str(number) for number, sound in enumerate(SPOKEN)}


class WordStream(ScriptedStream):
    """Hears a word where every byte of its sound is there, once; "?" where it is not."""

    def __init__(self, config: RecognitionConfig) -> None:
        super().__init__(config)
        self.is_deaf = False
        self._position = self._end = self._said = 0
        self._sound = b""

    def report(self, *events: RecognitionEvent) -> None:
        """Say something, unless the engine has fallen silent."""
        if not self.is_deaf:
            super().report(*events)

    def write(self, audio: bytes) -> None:
        """Hear 10 ms after the other."""
        super().write(audio)
        while len(self.audio) >= self._position + STEP_BYTES:
            step = self.audio[self._position : self._position + STEP_BYTES]
            self._position += STEP_BYTES
            self._hear(bytes(step).translate(None, SILENCE))

    def finish(self) -> None:
        """Report what was being said, and end."""
        if self.finished:
            return
        super().finish()
        rest = bytes(self.audio[self._position :]).translate(None, SILENCE)
        self._sound += rest
        self._end = max(self._end, len(self.audio)) if rest else self._end
        self._settle()
        if not self.is_deaf:
            self.end()

    def _hear(self, sound: bytes) -> None:
        if sound:
            if not self._sound:
                self.report(SpeechStarted(self._position // 8))
                self._said = self._position
            self._sound += sound
            self._end = self._position
            if self._position - self._said >= INTERIM_BYTES:
                self._said = self._position
                self.report(Interim("…"))
        elif self._position - self._end >= PAUSE_BYTES:
            self._settle()

    def _settle(self) -> None:
        if self._sound:
            self.report(Final(TEXTS.get(self._sound, "?"), None, self._end // 8))
        self._sound = b""


class RandomCall:
    """One call, decided by its seed: the engines, the pauses, the answers, the faults."""

    def __init__(self, seed: int) -> None:
        self.lots = random.Random(seed)
        limit = self.lots.choice([None, 6.0, 12.0])
        metered = self.lots.choice([[True], [True, True], [True, False], [False], [False, True]])
        self.engines = [
            ScriptedRecognizer(limit, WordStream, name=str(number), is_metered=is_metered)
            for number, is_metered in enumerate(metered)
        ]
        self.call = Call(*self.engines)
        self.answered = 0
        self.patience = 0
        self.faults = self.lots.choice([0.01, 0.03, 0.1])

    @property
    def finals(self) -> list[Final]:
        """What was heard."""
        return [event for event in self.call.events if isinstance(event, Final)]

    async def hold(self, words: int) -> None:
        """Let the caller say so many words, and the bot answer each."""
        self.call.listener.listen(FIRST)
        for sound in SPOKEN[:words]:
            await self.hear(audio(self.lots.choice([400, 700, 1500, 4000, 6000, 9000])))
            await self.hear(sound)
        self.faults = 0.0
        for _ in range(16):
            await self.hear(audio(5000))
            if len(self.finals) >= words:
                break
        await self.call.settle()
        self.call.listener.listen(SECOND)
        await self.call.listener.finish(5)

    async def hear(self, sound: bytes) -> None:
        """Let the audio arrive in pieces of uneven length, and things happen in between."""
        start = 0
        while start < len(sound):
            piece = sound[start : start + self.lots.randint(700, 900)]
            start += len(piece)
            self.call.now += len(piece) / 8000
            self.call.listener.hear(piece)
            for _ in range(self.lots.randint(1, 4)):
                await asyncio.sleep(0)
            if self.lots.random() < self.faults:
                self.strike()
            self.answer()

    def answer(self) -> None:
        """Let the bot go on to the next turn some pieces after a Final."""
        if len(self.finals) > self.answered:
            self.patience -= 1
            if self.patience < 0:
                self.answered, self.patience = len(self.finals), self.lots.randint(0, 8)
                self.call.listener.listen(self.lots.choice([FIRST, SECOND]))
        elif self.lots.random() < self.faults / 10:
            self.call.listener.listen(self.lots.choice([FIRST, SECOND]))

    def strike(self) -> None:
        """Let the newest stream break in one way or another."""
        engine = next((engine for engine in reversed(self.engines) if engine.streams), None)
        if engine is None or engine.stream.closed.is_set():
            return
        stream = cast(WordStream, engine.stream)
        if stream.is_deaf:
            # One that ended in good order now would pass for one that heard no words.
            return
        is_last = engine is self.engines[-1]
        failures = self.failures_since_final()
        if is_last and failures >= 3:
            return
        faults: list[str | Exception] = [DOWN, StreamLimitReached("old"), "end"]
        if not is_last:
            faults += ["silent", "silent", EngineRefused("no")]
        elif not failures:
            # A word about which two streams of the only engine are silent may be a noise.
            faults += ["silent", "silent"]
        match self.lots.choice(faults):
            case "silent":
                stream.is_deaf = True
            case "end":
                stream.end()
            case Exception() as error:
                stream.fail(error)

    def failures_since_final(self) -> int:
        """Count what the last engine has to be forgiven."""
        count = 0
        for event in reversed(self.call.events):
            if isinstance(event, Final | EngineChanged):
                break
            count += isinstance(event, Reopened)
        return count


@pytest.mark.asyncio
async def test_no_word_is_lost_and_none_doubled() -> None:
    """Two hundred calls, each word of each in one Final, in its order, whatever befell."""
    seen: set[type] = set()
    for seed in SEEDS:
        call = RandomCall(seed)
        words = call.lots.randint(3, 8)
        await call.hold(words)
        seen.update(map(type, call.call.events))
        heard = [final.text for final in call.finals]
        assert heard == [str(number) for number in range(words)], f"seed {seed}: {call.call.events}"
        ends = [final.end_ms for final in call.finals]
        assert all(a < b for a, b in pairwise(ends)), f"seed {seed}"
        streams = [stream for engine in call.engines for stream in engine.streams]
        assert all(stream.closed.is_set() for stream in streams), f"seed {seed}"
    assert {Reopened, Rotated, EngineChanged, Slept, Woke, Final} <= seen
    assert GaveUp not in seen
