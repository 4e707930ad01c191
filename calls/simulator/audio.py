"""Telephone audio: mu-law at 8 kHz, cut in frames of 20 ms."""

import base64
import io
import wave
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
import soxr
from numpy.typing import NDArray

SAMPLE_RATE: Final = 8000
FRAME_BYTES: Final = 160
FRAME_SECONDS: Final = 0.02
SILENCE: Final = b"\xff"
"""One sample of silence. (The byte 0x00 is the loudest negative sample.)"""

SILENT_PAYLOAD: Final = base64.b64encode(SILENCE * FRAME_BYTES).decode()
_BIAS: Final = 0x84
_CLIP: Final = 32635
_WAVE_FORMAT_MULAW: Final = 7
_AUDIBLE: Final = 0x30
"""About 31 dB below the loudest, on the logarithmic scale of mu-law."""


class AudioError(Exception):
    """A sound file cannot be used; the message names the file and says why."""


def seconds(clip: bytes) -> float:
    """How long a mu-law clip sounds."""
    return len(clip) / SAMPLE_RATE


def last_sound(clip: bytes) -> float:
    """Where in a mu-law clip the last sound ends, in seconds: what is behind it is background."""
    magnitudes = ~np.frombuffer(clip, dtype=np.uint8) & 0x7F
    loud = np.flatnonzero(magnitudes >= _AUDIBLE)
    return (int(loud[-1]) + 1) / SAMPLE_RATE if len(loud) else 0.0


def encode_mulaw(samples: NDArray[np.int16]) -> bytes:
    """Encode 16-bit samples as mu-law (ITU-T G.711)."""
    wide = samples.astype(np.int32)
    sign = np.where(wide < 0, 0x80, 0)
    magnitude = np.minimum(np.abs(wide), _CLIP) + _BIAS
    exponent = np.floor(np.log2(magnitude)).astype(np.int32) - 7
    mantissa = (magnitude >> (exponent + 3)) & 0x0F
    return bytes((~(sign | (exponent << 4) | mantissa) & 0xFF).astype(np.uint8))


def read_wav(path: Path) -> bytes:
    """Read a WAV file as mu-law at 8 kHz.

    Takes mono files: 16-bit PCM of any sample rate, or mu-law at 8 kHz. Raises AudioError.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise AudioError(f"{path}: cannot be read ({error.strerror}).") from error
    return decode_wav(content, str(path))


def decode_wav(content: bytes, name: str) -> bytes:
    """Decode the bytes of a WAV file as `read_wav` does; `name` is how errors call it."""
    mulaw = _mulaw_data(content, name)
    if mulaw is not None:
        return mulaw
    try:
        with wave.open(io.BytesIO(content)) as file:
            channels, width, rate = file.getnchannels(), file.getsampwidth(), file.getframerate()
            frames = file.readframes(file.getnframes())
    except (wave.Error, EOFError) as error:
        raise AudioError(f"{name}: not a WAV file of PCM or mu-law ({error}).") from error
    if channels != 1:
        raise AudioError(f"{name}: has {channels} channels; a telephone has 1.")
    if width != 2:
        raise AudioError(f"{name}: has {8 * width} bits a sample; expected 16.")
    if not frames:
        raise AudioError(f"{name}: holds no sound.")
    samples = np.frombuffer(frames[: len(frames) // 2 * 2], dtype="<i2")
    if rate != SAMPLE_RATE:
        samples = soxr.resample(samples, rate, SAMPLE_RATE)
    return encode_mulaw(samples)


def _mulaw_data(content: bytes, name: str) -> bytes | None:
    """Give the samples of a mu-law WAV, or None where the file is of another kind.

    The standard library reads no mu-law, so its chunks are walked here.
    """
    if content[:4] != b"RIFF" or content[8:12] != b"WAVE":
        return None
    at, is_mulaw = 12, False
    while at + 8 <= len(content):
        size = int.from_bytes(content[at + 4 : at + 8], "little")
        body = content[at + 8 : at + 8 + size]
        if content[at : at + 4] == b"fmt " and len(body) >= 16:
            fields = np.frombuffer(body[:8], dtype="<u2")
            is_mulaw = int(fields[0]) == _WAVE_FORMAT_MULAW
            rate = int.from_bytes(body[4:8], "little")
            if is_mulaw and (int(fields[1]), rate) != (1, SAMPLE_RATE):
                raise AudioError(f"{name}: mu-law must be mono at {SAMPLE_RATE} Hz, not {rate} Hz.")
        elif content[at : at + 4] == b"data" and is_mulaw:
            if not body:
                raise AudioError(f"{name}: holds no sound.")
            return body
        at += 8 + size + size % 2
    return None


@lru_cache(maxsize=256)
def payloads(clip: bytes) -> tuple[str, ...]:
    """Cut a clip into the base64 payloads of its frames; the last one is filled with silence."""
    return tuple(
        base64.b64encode(clip[at : at + FRAME_BYTES].ljust(FRAME_BYTES, SILENCE)).decode()
        for at in range(0, len(clip), FRAME_BYTES)
    )
