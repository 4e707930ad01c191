"""How much of a call a metered engine is not sent, and whether any word is lost by it.

    python -m tests.benchmarks.billed_silence [folder of recordings]

Recorded utterances are put together into calls on a telephone line with noise: the bot speaks for 2
to 7 s, the caller takes 0.3 to 2.5 s to answer, and now and then thinks for 5 to 12 s. The engine
finds every transcript 0.8 s after the utterance's end; the next turn begins then, while the bot
speaks, with a stream that stays open until all was quiet for 3 s. Sent is all audio that any stream
was given, replayed audio as often as it was. A first syllable is missed where no one stream was
given the whole of an utterance's first 300 ms; lead is what it was given before.
"""

import asyncio
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from calls.speech import mulaw
from calls.speech.events import Final, SpeechStarted
from calls.speech.listener import Listener
from calls.speech.loudness import LoudnessDetector
from calls.speech.recognizer import RecognitionConfig
from calls.speech.voice_detector import VoiceDetector
from calls.speech.voice_trail import Detector, VoiceTrail
from tests.benchmarks.offline_recognition import cpu_model
from tests.calls.speech.offline.recordings import RATE, read_wav, recordings_folder
from tests.calls.speech.scripted import ScriptedRecognizer, ScriptedStream

PIECE_BYTES = 800
TURNS = 6
SYLLABLE_BYTES = round(0.3 * RATE)
TRANSCRIPT_SECONDS = 0.8
FAR_BELOW = 10 ** (-30 / 20)
CONFIGS = (RecognitionConfig("en-US"), RecognitionConfig("en-US", hints=("yes",)))


@dataclass
class RecordedCall:
    """A call's audio, and where in it, in bytes, utterances begin and end."""

    audio: bytes
    utterances: list[tuple[int, int]]


@dataclass
class Figures:
    """What was counted for one set of calls."""

    calls: int = 0
    seconds: float = 0.0
    sent_seconds: float = 0.0
    utterances: int = 0
    missed: int = 0
    leads_ms: list[float] = field(default_factory=list)

    def add(self, others: "Figures") -> None:
        """Count these as well."""
        self.calls += others.calls
        self.seconds += others.seconds
        self.sent_seconds += others.sent_seconds
        self.utterances += others.utterances
        self.missed += others.missed
        self.leads_ms += others.leads_ms


class PlacedStream(ScriptedStream):
    """Knows where in the call its audio begins: what it is given at first ends now."""

    heard = 0

    def write(self, audio: bytes) -> None:
        if not self.audio:
            self.start = PlacedStream.heard - len(audio)
        super().write(audio)


def speech_in(samples: mulaw.Samples) -> tuple[int, int]:
    """Give where a recording is first and last within 30 dB of its loudest 10 ms, in samples."""
    size = RATE // 100
    whole = samples[: len(samples) // size * size].astype(np.float64).reshape(-1, size)
    loudness = np.sqrt(np.mean(whole**2, axis=1))
    loud = np.flatnonzero(loudness > loudness.max() * FAR_BELOW)
    return int(loud[0]) * size, int(loud[-1] + 1) * size


def conversation(clips: Sequence[mulaw.Samples], noise: float, lots: random.Random) -> RecordedCall:
    """Put utterances into one call."""
    parts: list[npt.NDArray[np.float64]] = []
    utterances: list[tuple[int, int]] = []
    at = 0
    for samples in clips:
        pause = lots.uniform(2, 7) + lots.uniform(0.3, 2.5)
        if lots.random() < 0.2:
            pause += lots.uniform(5, 12)
        quiet = np.zeros(round(pause * RATE))
        first, last = speech_in(samples)
        at += len(quiet)
        utterances.append((at + first, at + last))
        at += len(samples)
        parts += [quiet, samples.astype(np.float64)]
    parts.append(np.zeros(3 * RATE))
    line = np.concatenate(parts)
    line += np.random.default_rng(lots.randrange(1000)).normal(0, noise, len(line))
    return RecordedCall(mulaw.from_pcm(np.clip(line, -32768, 32767).astype(np.int16)), utterances)


def conversations(folder: Path, pattern: str, noise: float) -> Iterator[RecordedCall]:
    """Give the calls that the recordings of a folder make."""
    lots = random.Random(pattern)
    clips = [read_wav(path) for path in sorted(folder.glob(pattern))]
    for start in range(0, len(clips), TURNS):
        yield conversation(clips[start : start + TURNS], noise, lots)


async def hold(call: RecordedCall, figures: Figures) -> None:
    """Let a listener hear the call, and count."""
    engine = ScriptedRecognizer(300.0, PlacedStream, is_metered=True)
    finals: list[Final] = []
    now = 0.0

    def emit(event: object) -> None:
        if isinstance(event, Final):
            finals.append(event)

    listener = Listener([engine], emit, clock=lambda: now)
    listener.listen(CONFIGS[0])
    told = 0
    PlacedStream.heard = 0
    for start in range(0, len(call.audio), PIECE_BYTES):
        piece = call.audio[start : start + PIECE_BYTES]
        PlacedStream.heard += len(piece)
        now = PlacedStream.heard / RATE
        listener.hear(piece)
        await let_run()
        if told < len(call.utterances) and engine.streams and not engine.stream.closed.is_set():
            stream = engine.stream
            assert isinstance(stream, PlacedStream)
            first, last = call.utterances[told]
            if now >= last / RATE + TRANSCRIPT_SECONDS:
                stream.report(Final("heard", None, (last - stream.start) // 8))
                told += 1
                await let_run()
                listener.listen(CONFIGS[told % 2])
            elif PlacedStream.heard > first + SYLLABLE_BYTES:
                stream.report(SpeechStarted((first - stream.start) // 8))
            elif stream.finished:
                stream.end()
    await listener.aclose()
    figures.calls += 1
    figures.seconds += len(call.audio) / RATE
    figures.sent_seconds += sum(len(stream.audio) for stream in engine.streams) / RATE
    for first, _ in call.utterances:
        leads = [
            first - stream.start
            for stream in engine.streams
            if isinstance(stream, PlacedStream)
            and stream.start <= first
            and first + SYLLABLE_BYTES <= stream.start + len(stream.audio)
        ]
        figures.utterances += 1
        figures.missed += not leads
        if leads:
            figures.leads_ms.append(max(leads) / 8)


async def let_run() -> None:
    """Let the listener's tasks do what they can."""
    for _ in range(4):
        await asyncio.sleep(0)


def detector_ms(calls: Sequence[RecordedCall], detector: Callable[[], Detector]) -> float:
    """Give the CPU milliseconds that a trail with a detector takes for a second of audio."""
    begun, seconds = time.process_time(), 0.0
    for call in calls:
        trail = VoiceTrail(30 * RATE, detector())
        for start in range(0, len(call.audio), PIECE_BYTES):
            trail.feed(call.audio[start : start + PIECE_BYTES])
        seconds += len(call.audio) / RATE
    return (time.process_time() - begun) / seconds * 1000


async def hearing_ms(calls: Sequence[RecordedCall], is_metered: bool) -> float:
    """Give the CPU milliseconds that `Listener.hear` takes for a second of audio, all in all."""
    used, seconds = 0.0, 0.0
    for call in calls:
        engine = ScriptedRecognizer(is_metered=is_metered)
        listener = Listener([engine], lambda event: None, clock=lambda: 0.0)
        listener.listen(CONFIGS[0])
        pieces = [
            call.audio[start : start + PIECE_BYTES]
            for start in range(0, len(call.audio), PIECE_BYTES)
        ]
        begun = time.process_time()
        for piece in pieces:
            listener.hear(piece)
        used += time.process_time() - begun
        seconds += len(call.audio) / RATE
        await listener.aclose()
    return used / seconds * 1000


async def main(folder: Path) -> None:
    """Print the table."""
    print(f"{cpu_model()}\nrecordings: {folder}")
    print(
        f"{'set':34} {'calls':>5} {'seconds':>8} {'not sent':>8} "
        f"{'utterances':>10} {'missed':>6} {'least lead':>10}"
    )
    for noise, line in ((6, "quiet line"), (60, "noise -55 dB"), (200, "noise -44 dB")):
        total = Figures()
        for name, pattern in (
            ("a room is booked", "dialogue/*.wav"),
            ("words of many speakers", "words/*.wav"),
            ("spoken digits", "digits/*.wav"),
            ("sentences", "other/*.wav"),
        ):
            figures = Figures()
            for call in conversations(folder, pattern, noise):
                await hold(call, figures)
            print(row(f"{name}, {line}", figures), flush=True)
            total.add(figures)
        print(row(f"all, {line}", total))
    calls = [
        call
        for pattern in ("dialogue/*.wav", "words/*.wav", "digits/*.wav")
        for call in conversations(folder, pattern, 6)
    ]
    for name, detector in (("voice", VoiceDetector), ("loud sound", LoudnessDetector)):
        print(f"{name}: {detector_ms(calls, detector):.2f} ms of CPU for a second of audio")
    for is_metered, name in ((False, "without"), (True, "with")):
        used = await hearing_ms(calls, is_metered)
        print(f"hearing, engine {name} a meter: {used:.2f} ms of CPU for a second of a call")


def row(name: str, figures: Figures) -> str:
    """Give a line of the table."""
    saved = 1 - figures.sent_seconds / figures.seconds
    return (
        f"{name:34} {figures.calls:5} {figures.seconds:8.0f} {saved:8.1%} "
        f"{figures.utterances:10} {figures.missed:6} {min(figures.leads_ms):7.0f} ms"
    )


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]) if len(sys.argv) > 1 else recordings_folder()))
