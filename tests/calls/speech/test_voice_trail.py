"""Tests of where in a call voice is found."""

import numpy as np
import pytest

from calls.speech import mulaw
from calls.speech.loudness import LoudnessDetector
from calls.speech.voice_trail import HANGOVER_BYTES, LEARNING_BYTES, Stretch, VoiceTrail
from tests.calls.speech.listening import audio, hiss, hum, voice

KEPT = 240_000


def stretches(*sounds: bytes, after: int = 0) -> list[Stretch]:
    """Give the stretches of voice in the sounds."""
    trail = VoiceTrail(KEPT)
    for sound in sounds:
        trail.feed(sound)
    return list(trail.after(after))


def test_a_word_is_a_stretch() -> None:
    """It begins with the voice and ends with it, give or take the detector's hangover."""
    (found,) = stretches(audio(1000), voice(400), audio(1000))
    assert found.began // 8 == pytest.approx(1000, abs=40)
    assert 1400 <= found.until // 8 <= 1400 + HANGOVER_BYTES // 8


def test_a_pause_within_a_word_is_none() -> None:
    """A stop of 150 ms does not end a stretch; one of half a second does."""
    assert len(stretches(audio(500), voice(300), audio(150), voice(300), audio(500))) == 1
    assert len(stretches(audio(500), voice(300), audio(500), voice(300), audio(500))) == 2


def test_the_first_moment_of_a_call_is_not_believed() -> None:
    """The detector takes it for voice whatever it holds; a voice that goes on is found."""
    hiss = np.random.default_rng(4).normal(0, 60, 16_000).astype(np.int16)
    assert stretches(mulaw.from_pcm(hiss)) == []
    (found,) = stretches(voice(600), audio(500))
    assert found.began == LEARNING_BYTES


def test_the_hangover_behind_a_position_is_not_asked_for() -> None:
    """An utterance that is settled leaves no voice behind; one that goes on does."""
    sounds = (audio(1000), voice(400), audio(1000))
    assert stretches(*sounds, after=1400 * 8) == []
    assert len(stretches(*sounds, after=1000 * 8)) == 1
    assert len(stretches(*sounds, after=1200 * 8)) == 1


def test_a_trail_of_loud_sound_holds_what_is_no_voice() -> None:
    """It may be a voice all the same."""
    sounds = hiss(1000) + hum(600) + hiss(1000)
    assert stretches(sounds) == []
    trail = VoiceTrail(KEPT, LoudnessDetector())
    trail.feed(sounds)
    (found,) = trail.after(0)
    assert found.began // 8 == pytest.approx(1000, abs=200)
    assert found.until // 8 == pytest.approx(1600, abs=200)


def test_what_is_no_longer_kept_is_forgotten() -> None:
    """A long call does not grow its record of voices."""
    trail = VoiceTrail(KEPT)
    for _ in range(50):
        trail.feed(voice(400) + audio(1600))
    assert len(list(trail.after(0))) <= 16
    trail.feed(audio(40_000))
    assert trail.first_after(0) is None
