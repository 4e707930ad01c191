"""What a browser hears where it has no ears: recordings, in place of a microphone."""

import wave
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from calls.simulator import audio
from calls.simulator.options import CLIPS

RATE = 48_000
"""That of a common sound card."""

LEVEL = 0.3
"""How loud somebody is before a microphone, against the recordings: the browser turns him up, and
would distort what is loud already."""


def write_recording(path: Path, names: Sequence[str], *, before: float, after: float) -> Path:
    """Write clips of the simulator as one WAV file: `before` seconds of silence, and then each
    with `after` seconds of silence behind it."""
    parts = [silence(before)]
    for name in names:
        parts += [clip(name), silence(after)]
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(np.concatenate(parts).tobytes())
    return path


def clip(name: str) -> NDArray[np.int16]:
    """Return a clip that comes with the simulator, as a sound card gives it."""
    samples = decode_mulaw(audio.read_wav(CLIPS / f"{name}.wav"))
    resampled: NDArray[np.int16] = soxr.resample(samples, audio.SAMPLE_RATE, RATE)
    return (LEVEL * resampled).astype("<i2")


def silence(seconds: float) -> NDArray[np.int16]:
    return np.zeros(round(seconds * RATE), dtype="<i2")


def decode_mulaw(encoded: bytes) -> NDArray[np.int16]:
    """Decode mu-law to 16-bit samples (ITU-T G.711)."""
    bits = ~np.frombuffer(encoded, dtype=np.uint8) & 0xFF
    magnitude = (((bits & 0x0F).astype(np.int32) << 3) + 0x84 << ((bits >> 4) & 0x07)) - 0x84
    return np.where(bits & 0x80, -magnitude, magnitude).astype("<i2")
