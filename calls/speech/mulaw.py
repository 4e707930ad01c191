"""Mu-law telephone audio (ITU-T G.711) to 16-bit PCM and back, by table."""

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.int16]

_BIAS = 0x84


def _decoding_table() -> Samples:
    """Give the 256 amplitudes: an inverted byte is sign, 3 bits of exponent, 4 of mantissa."""
    code = ~np.arange(256, dtype=np.uint8)
    exponent = ((code & 0x70) >> 4).astype(np.int32)
    mantissa = (code & 0x0F).astype(np.int32)
    magnitude = (((mantissa << 3) + _BIAS) << exponent) - _BIAS
    return np.where(code & 0x80, -magnitude, magnitude).astype(np.int16)


def _encoding_table(amplitudes: Samples) -> npt.NDArray[np.uint8]:
    """Give the code nearest to each of the 65536 amplitudes, indexed by the amplitude as uint16."""
    # A stable sort puts 0x7F (minus zero) before 0xFF (zero); silence is sent as 0xFF.
    codes = np.argsort(amplitudes, kind="stable").astype(np.uint8)
    ordered = amplitudes[codes].astype(np.int32)
    borders = (ordered[1:] + ordered[:-1] + 1) // 2
    every = np.arange(-32768, 32768, dtype=np.int32)
    nearest = codes[np.searchsorted(borders, every, side="right")]
    return np.roll(nearest, 32768)


_AMPLITUDES = _decoding_table()
_CODES = _encoding_table(_AMPLITUDES)


def to_pcm(audio: bytes) -> Samples:
    """Decode mu-law bytes to as many 16-bit samples."""
    return _AMPLITUDES[np.frombuffer(audio, dtype=np.uint8)]


def from_pcm(samples: Samples) -> bytes:
    """Encode 16-bit samples to as many mu-law bytes."""
    return _CODES[samples.view(np.uint16)].tobytes()
