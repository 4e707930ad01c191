"""Tests of where utterances begin and end."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calls.speech.events import SpeechStarted
from calls.speech.offline.endpointing import Utterance, UtteranceFinder
from tests.calls.speech.offline.recordings import buzz, frames, on_the_line, read_wav


def find(pieces: list[bytes]) -> list[SpeechStarted | Utterance]:
    """Give what a stream of these pieces reports, to its end."""
    finder = UtteranceFinder()
    events = [event for piece in pieces for event in finder.feed(piece)]
    return events + list(finder.finish())


def test_an_utterance_has_a_start_and_an_end() -> None:
    """Voice from 1.0 s to 2.0 s is reported so, give or take a few frames."""
    start, utterance = find(frames(on_the_line(buzz(1.0), lead=1.0, tail=1.0)))
    assert isinstance(start, SpeechStarted)
    assert isinstance(utterance, Utterance)
    assert start.at_ms == pytest.approx(1000, abs=120)
    assert utterance.end_ms == pytest.approx(2000, abs=200)
    assert len(utterance.pcm) / 16 == pytest.approx(utterance.end_ms - start.at_ms + 200, abs=40)


def test_two_utterances_are_told_apart() -> None:
    """A second of quiet ends one utterance; the next has times of the same stream."""
    events = find(frames(on_the_line(buzz(0.6)) + on_the_line(buzz(0.6))))
    kinds = [type(event) for event in events]
    assert kinds == [SpeechStarted, Utterance, SpeechStarted, Utterance]
    first_end, second_start = events[1], events[2]
    assert isinstance(first_end, Utterance)
    assert isinstance(second_start, SpeechStarted)
    assert second_start.at_ms > first_end.end_ms


def test_longer_pause_keeps_groups_of_digits_together() -> None:
    """Half a second of quiet ends an utterance, unless a longer pause is waited for."""
    audio = on_the_line(np.concatenate([buzz(0.6), np.zeros(4000, dtype=np.int16), buzz(0.6)]))
    patient = list(UtteranceFinder(pause_ms=600).feed(audio))
    assert [type(event) for event in patient] == [SpeechStarted, Utterance]
    assert len(find(frames(audio))) == 4


def test_noise_after_a_voice_does_not_prolong_it() -> None:
    """Steady noise of a line, 36 dB below the voice, is the pause that ends an utterance."""
    hiss = np.random.default_rng(3).normal(0, 40, 2 * 8000).astype(np.int16)
    events = find(frames(on_the_line(np.concatenate([buzz(0.6), hiss]))))
    assert [type(event) for event in events] == [SpeechStarted, Utterance]
    assert isinstance(events[1], Utterance)
    assert events[1].end_ms == pytest.approx(1100, abs=100)


def test_a_voice_far_weaker_than_the_one_before_is_no_utterance() -> None:
    """Somebody in the background, 34 dB below the caller, says nothing to us."""
    background = (buzz(0.6) // 50).astype(np.int16)
    events = find(frames(on_the_line(buzz(0.6)) + on_the_line(background)))
    assert [type(event) for event in events] == [SpeechStarted, Utterance]


def test_a_weak_voice_is_heard_when_no_louder_one_came_before() -> None:
    """A caller on a bad line is as good as any."""
    events = find(frames(on_the_line((buzz(0.6) // 50).astype(np.int16))))
    assert [type(event) for event in events] == [SpeechStarted, Utterance]


def test_silence_has_no_utterance() -> None:
    """Faint noise alone reports nothing."""
    assert find(frames(on_the_line(np.zeros(16000, dtype=np.int16)))) == []


def test_a_click_is_no_utterance() -> None:
    """A loud crack of 30 ms reports nothing."""
    crack = np.random.default_rng(2).integers(-20000, 20000, 240).astype(np.int16)
    assert find(frames(on_the_line(crack))) == []


def test_an_utterance_at_the_end_of_the_stream_is_ended() -> None:
    """Voice that still runs when the audio ends is reported, and ends with the audio."""
    audio = on_the_line(buzz(0.8), tail=0.0)
    start, utterance = find(frames(audio))
    assert isinstance(start, SpeechStarted)
    assert isinstance(utterance, Utterance)
    assert utterance.end_ms <= len(audio) // 8


def test_speech_without_pause_is_cut() -> None:
    """Nobody fills the memory by talking: after 15 s the utterance ends, and a new one begins."""
    events = find(frames(on_the_line(buzz(34.0))))
    utterances = [event for event in events if isinstance(event, Utterance)]
    assert len(utterances) == 3
    assert all(len(utterance.pcm) <= 15.1 * 16000 for utterance in utterances)
    ends = [utterance.end_ms for utterance in utterances]
    assert all(later - earlier > 3000 for earlier, later in pairwise(ends))
    assert ends[-1] == pytest.approx(34500, abs=300)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(1, 3000), min_size=1))
def test_the_size_of_pieces_makes_no_difference(sizes: list[int]) -> None:
    """Audio may come in pieces of any length."""
    audio = on_the_line(buzz(0.5), lead=0.3, tail=0.6)
    pieces: list[bytes] = []
    start = 0
    while start < len(audio):
        size = sizes[len(pieces) % len(sizes)]
        pieces.append(audio[start : start + size])
        start += size
    assert find(pieces) == find(frames(audio))


def test_every_recorded_word_is_found(recordings: Path) -> None:
    """Each digit, though as short as a quarter of a second, is one utterance."""
    for path in sorted(recordings.glob("digits/*.wav")):
        events = find(frames(on_the_line(read_wav(path))))
        assert [type(event) for event in events] == [SpeechStarted, Utterance], path.name
