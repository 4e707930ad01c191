"""Telephone audio made ready for an acoustic model of wideband speech."""

import numpy as np
import numpy.typing as npt
import soxr

from calls.speech.mulaw import Samples

_LINE_RATE = 8000
_MODEL_RATE = 16000
_PEAK = 20000.0
_PAD_SECONDS = 0.3
_FLOOR_SAMPLES = 80
_FLOOR_PERCENTILE = 5

# Digital silence is a sound the model never met, between words as much as around them:
# without this noise one phrase in ten more is misheard.
_LOWEST_FLOOR = 60.0
_DITHER = 30.0


def prepare(voice: Samples) -> bytes:
    """Give an utterance at 8 kHz as the model wants it: 16-bit PCM at 16 kHz, loud, quiet around.

    The quiet is noise at the utterance's own floor. Noise is the same every time, so that one
    recording always decodes to one result.
    """
    noise = np.random.default_rng(0)
    level = voice.astype(np.float32)
    level *= _PEAK / max(float(np.abs(level).max()), 1.0)
    before, after = noise.normal(0.0, _floor(level), (2, round(_PAD_SECONDS * _LINE_RATE)))
    level += noise.normal(0.0, _DITHER, len(level))
    wide = soxr.resample(np.concatenate([before, level, after]), _LINE_RATE, _MODEL_RATE)
    samples: Samples = np.clip(np.round(wide), -32768, 32767).astype(np.int16)
    return samples.tobytes()


def _floor(level: npt.NDArray[np.float32]) -> float:
    """Give the root mean square of the quietest stretches."""
    stretches = level[: len(level) // _FLOOR_SAMPLES * _FLOOR_SAMPLES].reshape(-1, _FLOOR_SAMPLES)
    loudness = np.sqrt(np.mean(stretches**2, axis=1))
    return max(float(np.percentile(loudness, _FLOOR_PERCENTILE)), _LOWEST_FLOOR)
