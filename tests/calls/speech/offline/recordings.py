"""Recorded speech, and speech-like sound, as it comes down a telephone line."""

import os
import wave
from pathlib import Path

import numpy as np
import soxr

from calls.speech import mulaw

RATE = 8000
FRAME_BYTES = 160

_REPOSITORY = Path(__file__).parents[4]


def recordings_folder() -> Path:
    """Give where the recordings are kept: RECORDINGS_DIR, or beside the repository."""
    default = _REPOSITORY.parent / "shared" / "recordings"
    return Path(os.environ.get("RECORDINGS_DIR") or default)


def read_wav(path: Path) -> mulaw.Samples:
    """Read the first channel of a 16-bit WAV file, as samples at 8 kHz."""
    with wave.open(str(path), "rb") as file:
        channels, rate = file.getnchannels(), file.getframerate()
        samples = np.frombuffer(file.readframes(file.getnframes()), dtype=np.int16)[::channels]
    if rate != RATE:
        resampled = soxr.resample(samples.astype(np.float64), rate, RATE)
        samples = np.clip(np.round(resampled), -32768, 32767).astype(np.int16)
    return samples


def on_the_line(samples: mulaw.Samples, lead: float = 0.5, tail: float = 1.0) -> bytes:
    """Give samples as mu-law, between stretches of faint noise of so many seconds."""
    noise = np.random.default_rng(1)
    before = noise.normal(0, 6, round(lead * RATE))
    after = noise.normal(0, 6, round(tail * RATE))
    whole = np.concatenate([before, samples, after])
    return mulaw.from_pcm(np.clip(whole, -32768, 32767).astype(np.int16))


def buzz(seconds: float) -> mulaw.Samples:
    """Give a sound that passes for a voice, and says nothing: a hum with many overtones."""
    time = np.arange(round(seconds * RATE)) / RATE
    wave_ = sum(np.sin(2 * np.pi * 130 * n * time) / n for n in range(1, 20))
    swell = 0.6 + 0.4 * np.sin(2 * np.pi * 4 * time)
    return (4000 * wave_ * swell).astype(np.int16)


def frames(audio: bytes) -> list[bytes]:
    """Cut mu-law audio into the 20 ms pieces of a call."""
    return [audio[start : start + FRAME_BYTES] for start in range(0, len(audio), FRAME_BYTES)]
