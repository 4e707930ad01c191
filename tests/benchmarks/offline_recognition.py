"""How well and how fast the offline recognizer hears.

Run as `python -m tests.benchmarks.offline_recognition [folder of recordings]`. Each recording is
put on a telephone line (mu-law at 8 kHz, faint noise around it) and goes through the recognizer in
20 ms frames, as fast as it takes them. The delay of a final is the audio that passes between the
end of speech, where the recording falls 30 dB below its loudest moment for good, and the frame with
which the recognizer notices it, and then the time on the clock until the final is there.
"""

import asyncio
import os
import platform
import random
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from calls.speech.events import Final, SpeechStarted
from calls.speech.mulaw import Samples
from calls.speech.offline import OfflineRecognizer
from calls.speech.offline.endpointing import PAUSE_MS, UtteranceFinder
from calls.speech.offline.recognizer import PAUSE_IN_DIGITS_MS
from calls.speech.recognizer import RecognitionConfig
from tests.calls.speech.offline.recordings import (
    RATE,
    frames,
    on_the_line,
    read_wav,
    recordings_folder,
)

LEAD_SECONDS = 0.5
FRAME_SECONDS = 0.02
PIECE_SECONDS = 1.5
ROWS = 60
GAP_SECONDS = (0.03, 0.15)

DIGITS = "zero one two three four five six seven eight nine"
CROWD = (
    "computer,jarvis,snowboy,smart mirror,view glass,hello,book a room,mountain view,today,2:30 pm,"
    "half an hour,two people,goodbye,good,bad,not good,help,agent,cancel,appointment,tomorrow,"
    "opening hours,repeat that,thank you,billing,operator,menu,stop"
)
SHORT = "hello,hi,good,fine,great,bad,not good,goodbye,bye,see you"

EXPECT_DIGITS = RecognitionConfig("en-US", tuple(DIGITS.split()))
EXPECT_CROWD = RecognitionConfig("en-US", tuple(CROWD.split(",")), (("snowboy", "S N OW B OY"),))
EXPECT_SHORT = RecognitionConfig("en-US", tuple(SHORT.split(",")))
EXPECT_ROWS = RecognitionConfig("en-US", tuple(DIGITS.split()), expects="digits")


@dataclass(frozen=True, slots=True)
class Clip:
    """A recording, and the phrase said in it where that is one of those expected."""

    samples: Samples
    said: str | None


@dataclass
class Figures:
    """What was counted for one set of clips."""

    clips: int = 0
    right: int = 0
    wrong: int = 0
    audio_seconds: float = 0.0
    wall_seconds: float = 0.0
    delays_ms: list[float] = field(default_factory=list)


def digit_clips(folder: Path, expected: bool) -> Iterator[Clip]:
    """Give the spoken digits."""
    for path in sorted(folder.glob("digits/*.wav")):
        yield Clip(read_wav(path), DIGITS.split()[int(path.name[0])] if expected else None)


def row_clips(folder: Path, length: int) -> Iterator[Clip]:
    """Give rows of digits, put together of what one speaker said, with short gaps between them."""
    chance = random.Random(length)
    for _ in range(ROWS):
        speaker = chance.choice(["jackson", "lucas", "theo"])
        digits = [chance.randrange(10) for _ in range(length)]
        pieces: list[Samples] = []
        for digit in digits:
            paths = sorted(folder.glob(f"digits/{digit}_{speaker}_*.wav"))
            pieces += [read_wav(chance.choice(paths)), gap(chance)]
        said = " ".join(DIGITS.split()[digit] for digit in digits)
        yield Clip(np.concatenate(pieces[:-1]), said)


def gap(chance: random.Random) -> Samples:
    """Give the faint noise between two digits."""
    noise = np.random.default_rng(chance.randrange(1000))
    seconds = chance.uniform(*GAP_SECONDS)
    samples: Samples = noise.normal(0, 6, round(seconds * RATE)).astype(np.int16)
    return samples


def phrase_clips(folder: Path, expected: bool) -> Iterator[Clip]:
    """Give the words and phrases of many speakers."""
    for path in sorted(folder.glob("words/*.wav")):
        said = path.stem.rpartition("_")[0].replace("_", " ")
        yield Clip(read_wav(path), said if expected else None)
    for path in sorted(folder.glob("dialogue/*.wav")) if expected else ():
        said = "2:30 pm" if path.stem == "230pm" else path.stem.replace("_", " ")
        yield Clip(read_wav(path), said)


def sentence_clips(folder: Path) -> Iterator[Clip]:
    """Give running speech, cut into pieces of a few seconds."""
    for path in sorted(folder.glob("other/*.wav")):
        samples = read_wav(path)
        size = round(PIECE_SECONDS * RATE)
        for start in range(0, len(samples), size):
            yield Clip(samples[start : start + size], None)


def end_of_speech_ms(samples: Samples) -> float:
    """Give where a recording is last within 30 dB of its loudest 20 ms, in time of the line."""
    size = round(FRAME_SECONDS * RATE)
    whole = samples[: len(samples) // size * size].astype(np.float64).reshape(-1, size)
    loudness = np.sqrt(np.mean(whole**2, axis=1))
    last = int(np.flatnonzero(loudness > loudness.max() * 10 ** (-30 / 20))[-1])
    return (LEAD_SECONDS + (last + 1) * FRAME_SECONDS) * 1000


def shadow_finder(config: RecognitionConfig) -> UtteranceFinder:
    """Give what the recognizer finds utterances with."""
    return UtteranceFinder(PAUSE_IN_DIGITS_MS if config.expects else PAUSE_MS)


async def measure(
    recognizer: OfflineRecognizer, config: RecognitionConfig, clips: Iterator[Clip]
) -> Figures:
    """Let the recognizer hear every clip on a stream of its own."""
    figures = Figures()
    for clip in clips:
        audio = on_the_line(clip.samples, lead=LEAD_SECONDS)
        stream = recognizer.open(config)
        events = aiter(stream)
        shadow = shadow_finder(config)  # tells with which frame the recognizer notices an end
        speech_end_ms = end_of_speech_ms(clip.samples)
        texts: list[str] = []
        begin = time.perf_counter()
        for number, frame in enumerate(frames(audio), start=1):
            noticed = list(shadow.feed(frame))
            stream.write(frame)
            for event in noticed:
                before = time.perf_counter()
                reported = await anext(events)
                if isinstance(event, SpeechStarted) or not isinstance(reported, Final):
                    continue
                clock_ms = (time.perf_counter() - before) * 1000
                texts.append(reported.text)
                delay_ms = number * FRAME_SECONDS * 1000 - speech_end_ms + clock_ms
                if delay_ms > 0:
                    figures.delays_ms.append(delay_ms)
        stream.finish()
        texts += [event.text async for event in events if isinstance(event, Final)]
        await stream.aclose()
        figures.wall_seconds += time.perf_counter() - begin
        figures.audio_seconds += len(audio) / RATE
        figures.clips += 1
        heard = {text for text in texts if text}
        figures.right += clip.said in heard
        figures.wrong += bool(heard - {clip.said})
    return figures


def row(name: str, figures: Figures, expected: bool) -> str:
    """Give a line of the table."""
    right = f"{figures.right / figures.clips:.3f}" if expected else "-"
    wrong = f"{figures.wrong / figures.clips:.3f}"
    delays = sorted(figures.delays_ms)
    return (
        f"{name:44} {figures.clips:4} {right:>6} {wrong if expected else '-':>6} "
        f"{'-' if expected else wrong:>9} {figures.wall_seconds / figures.audio_seconds:6.3f} "
        f"{statistics.median(delays):7.0f} {delays[round(0.95 * (len(delays) - 1))]:6.0f}"
    )


async def main(folder: Path) -> None:
    """Print the table."""
    processes = os.cpu_count() or 1
    print(f"{processes} CPUs, {cpu_model()}, Python {platform.python_version()}")
    print(f"recordings: {folder}")
    print(f"{'':44} {'':4} {'':6} {'':6} {'falsely':>9} {'time':>6} {'ms to final':>14}")
    print(
        f"{'set':44} {'n':>4} {'right':>6} {'wrong':>6} {'accepted':>9} {'factor':>6} "
        f"{'median':>7} {'p95':>6}"
    )
    recognizer = OfflineRecognizer(processes)
    try:
        for name, config, clips, expected in (
            ("crowd phrases (of 28)", EXPECT_CROWD, phrase_clips(folder, True), True),
            ("digits (of 10)", EXPECT_DIGITS, digit_clips(folder, True), True),
            ("sentences, expecting 28 phrases", EXPECT_CROWD, sentence_clips(folder), False),
            ("digits, expecting 28 phrases", EXPECT_CROWD, digit_clips(folder, False), False),
            ("digits, expecting 10 short phrases", EXPECT_SHORT, digit_clips(folder, False), False),
            ("words, expecting 10 short phrases", EXPECT_SHORT, phrase_clips(folder, False), False),
            ("words, expecting digits", EXPECT_DIGITS, phrase_clips(folder, False), False),
            ("digits, expecting rows of them", EXPECT_ROWS, digit_clips(folder, True), True),
            *(
                (f"rows of {length} digits", EXPECT_ROWS, row_clips(folder, length), True)
                for length in (2, 3, 4, 6)
            ),
            ("words, expecting rows of digits", EXPECT_ROWS, phrase_clips(folder, False), False),
            ("sentences, expecting rows of digits", EXPECT_ROWS, sentence_clips(folder), False),
        ):
            print(row(name, await measure(recognizer, config, clips), expected), flush=True)
    finally:
        await recognizer.aclose()


def cpu_model() -> str:
    """Give the processor's name, where Linux tells it."""
    path = Path("/proc/cpuinfo")
    lines = path.read_text().splitlines() if path.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]) if len(sys.argv) > 1 else recordings_folder()))
