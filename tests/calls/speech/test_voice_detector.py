"""Tests of what counts as a voice."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calls.speech import mulaw
from calls.speech.voice_detector import FRAME_BYTES, HANGOVER_MS, VoiceDetector
from tests.calls.speech.offline.recordings import buzz, on_the_line, read_wav

FIRST_FRAMES = 10
"""Those in which the detector does not know the line yet."""


def voiced(*pieces: bytes) -> list[bool]:
    """Give which frames of the audio hold voice."""
    detector = VoiceDetector()
    return [is_voice for piece in pieces for _, is_voice in detector.feed(piece)]


def noise(level: float, seconds: int = 5) -> bytes:
    """Give steady noise of a level, as mu-law."""
    samples = np.random.default_rng(4).normal(0, level, seconds * 8000)
    return mulaw.from_pcm(np.clip(samples, -32768, 32767).astype(np.int16))


def test_silence_is_no_voice() -> None:
    """A line on which nothing sounds at all has not one voiced frame."""
    assert not any(voiced(b"\xff" * 80_000))


@pytest.mark.parametrize("level", [6, 60, 200])
def test_steady_noise_is_no_voice(level: float) -> None:
    """The hiss of a line, faint or loud, is learnt within the first frames."""
    assert not any(voiced(noise(level))[FIRST_FRAMES:])


def test_a_voice_is_one_from_its_beginning_and_not_for_long_after_its_end() -> None:
    """Voice from 1 s to 2 s is found there, and goes on for no more than the hangover."""
    found = voiced(on_the_line(buzz(1.0), lead=1.0, tail=1.0))
    assert all(found[52:100])
    assert not any(found[FIRST_FRAMES:50])
    assert not any(found[100 + HANGOVER_MS // 20 + 1 :])


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 3000), min_size=1).filter(any))
def test_the_size_of_pieces_makes_no_difference(sizes: list[int]) -> None:
    """Audio may come in pieces of any length; what makes no whole frame waits for the rest."""
    audio = on_the_line(buzz(0.5), lead=0.3, tail=0.3) + b"\xff" * 77
    pieces: list[bytes] = []
    start = 0
    while start < len(audio):
        size = sizes[len(pieces) % len(sizes)]
        pieces.append(audio[start : start + size])
        start += size
    assert voiced(*pieces) == voiced(audio)


def test_frames_are_the_audio() -> None:
    """Every byte comes back, decoded, in its place, and the odd rest is kept for later."""
    audio = bytes(range(256)) * 5
    detector = VoiceDetector()
    pcm = b"".join(frame for frame, _ in detector.feed(audio + b"rest"))
    assert pcm == mulaw.to_pcm(audio).tobytes()
    assert detector.waiting_bytes == 4 == (len(audio) + 4) % FRAME_BYTES


def test_every_recorded_word_is_a_voice(recordings: Path) -> None:
    """People of many kinds, words as short as a quarter of a second."""
    for path in sorted(recordings.glob("*/*.wav")):
        found = voiced(on_the_line(read_wav(path)))
        assert sum(found[FIRST_FRAMES:]) >= FIRST_FRAMES, path.name
