"""Tests of what counts as loud."""

import numpy as np
import pytest

from calls.speech import mulaw
from calls.speech.loudness import LoudnessDetector
from calls.speech.voice_detector import FRAME_BYTES
from tests.calls.speech.listening import audio, hiss

LEAST_LOUD = 924
"""Of 32124, the loudest that mu-law can tell."""


def loud(*pieces: bytes) -> list[bool]:
    """Give which frames of the audio are loud."""
    detector = LoudnessDetector()
    return [is_loud for piece in pieces for _, is_loud in detector.feed(piece)]


def sample(amplitude: int) -> bytes:
    """Give a frame of silence with one sample in it."""
    samples = np.zeros(FRAME_BYTES, dtype=np.int16)
    samples[77] = amplitude
    return mulaw.from_pcm(samples)


@pytest.mark.parametrize("code", [0xFF, 0x7F])
def test_silence_is_not_loud(code: int) -> None:
    """Mu-law has two codes for it."""
    assert loud(audio(100, code)) == [False] * 5


@pytest.mark.parametrize("level", [6, 60, 200])
def test_the_noise_of_a_line_is_not_loud(level: float) -> None:
    """Up to -44 dB."""
    assert not any(loud(hiss(5000, level)))


@pytest.mark.parametrize("sign", [1, -1])
def test_a_sample_31_db_below_the_loudest_is_loud(sign: int) -> None:
    """Of either sign; the next fainter one is not."""
    assert loud(sample(sign * LEAST_LOUD)) == [True]
    assert loud(sample(sign * (LEAST_LOUD - 32))) == [False]


def test_a_loud_frame_is_told_from_its_neighbours() -> None:
    """Each frame is judged by itself."""
    assert loud(audio(40) + audio(20, 0x00) + audio(20)) == [False, False, True, False]


def test_the_size_of_pieces_makes_no_difference() -> None:
    """What makes no whole frame waits for the rest."""
    sound = audio(30) + audio(20, 0x90) + audio(55)
    pieces = [sound[start : start + 77] for start in range(0, len(sound), 77)]
    assert loud(*pieces) == loud(sound) == [False, True, True, False, False]


def test_frames_are_the_audio() -> None:
    """Every byte comes back in its place, but for the rest that makes no frame."""
    sound = bytes(range(256)) * 5
    detector = LoudnessDetector()
    assert b"".join(frame for frame, _ in detector.feed(sound + b"rest")) == sound
