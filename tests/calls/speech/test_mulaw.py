"""Tests of the mu-law tables."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from calls.speech import mulaw


def test_known_codes() -> None:
    """The codes that G.711 gives for silence, the loudest and the faintest samples."""
    assert mulaw.to_pcm(b"\xff\x7f\x00\x80\xfe\x7e").tolist() == [0, 0, -32124, 32124, 8, -8]


def test_silence_is_sent_as_ff() -> None:
    """Of the two codes for zero, silence takes the positive one."""
    assert mulaw.from_pcm(np.zeros(3, dtype=np.int16)) == b"\xff\xff\xff"


@given(st.binary())
def test_a_code_survives_the_way_to_pcm_and_back(audio: bytes) -> None:
    """Every code comes back as itself; only minus zero becomes zero."""
    assert mulaw.from_pcm(mulaw.to_pcm(audio)) == audio.replace(b"\x7f", b"\xff")


@given(st.lists(st.integers(-32768, 32767)))
def test_a_sample_is_given_the_nearest_code(values: list[int]) -> None:
    """No other amplitude of the table lies nearer to a sample than the one chosen."""
    table = mulaw.to_pcm(bytes(range(256))).astype(int)
    samples = np.array(values, dtype=np.int16)
    chosen = mulaw.to_pcm(mulaw.from_pcm(samples)).astype(int)
    for value, amplitude in zip(values, chosen.tolist(), strict=True):
        assert abs(amplitude - value) == min(abs(table - value))
