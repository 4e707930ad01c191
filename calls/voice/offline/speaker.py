"""What a voice is in its process: a callable that speaks, and what becomes of its sound."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import soxr

from calls.speech import mulaw
from calls.voice.offline.wire import Job

Sound = npt.NDArray[np.float32]
"""Samples from -1 to 1."""

_LINE_RATE = 8000
_SILENT = 0.004
_LEAD_SECONDS = 0.03
_TAIL_SECONDS = 0.12


class NotSpoken(Exception):
    """The voice does not speak this; the message is a sentence for the operator."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """The sound of a text at the rate of its voice."""

    sound: Sound
    rate: int


class Speaker(Protocol):
    """Speaks one text after the other."""

    gain: float
    """What makes it as loud as the others: about -19 dBFS on average, as on a telephone."""

    def __call__(self, job: Job) -> Spoken:
        """Speak. Raises NotSpoken, or whatever its engine does."""


def to_line(spoken: Spoken, gain: float) -> bytes:
    """Return sound as mu-law 8 kHz audio, without the silence that voices leave around it.

    A caller waits through that silence; some voices begin with a third of a second of it.
    """
    sound = _trimmed(spoken.sound * np.float32(gain), spoken.rate)
    if not len(sound):
        return b""
    narrow = soxr.resample(sound, spoken.rate, _LINE_RATE)
    samples: mulaw.Samples = np.round(np.clip(narrow, -1, 1) * 32767).astype(np.int16)
    return mulaw.from_pcm(samples)


def from_16_bit(pcm: bytes) -> Sound:
    """Return 16-bit PCM as samples from -1 to 1."""
    return np.frombuffer(pcm, dtype=np.int16).astype(np.float32) / np.float32(32768)


def _trimmed(sound: Sound, rate: int) -> Sound:
    (loud,) = np.nonzero(np.abs(sound) > _SILENT)
    if not len(loud):
        return sound[:0]
    begin = max(0, int(loud[0]) - round(_LEAD_SECONDS * rate))
    return sound[begin : int(loud[-1]) + round(_TAIL_SECONDS * rate)]
