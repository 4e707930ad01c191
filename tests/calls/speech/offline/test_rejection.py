"""Tests of the gates a phrase has to pass."""

from dataclasses import replace

import pytest

from calls.speech.offline.rejection import (
    Evidence,
    is_accepted,
    is_distinct,
    is_row_accepted,
    longest_voice_seconds,
)

CLEAR = Evidence(
    phone_margin=-3.0,
    rival_margin=8.0,
    phones=6,
    phrase_seconds=0.6,
    voice_seconds=0.8,
)


def test_a_clear_phrase_is_accepted() -> None:
    """A phrase that fits better than its rivals, at a natural speed, passes."""
    assert is_accepted(CLEAR)


@pytest.mark.parametrize(
    "evidence",
    [
        replace(CLEAR, phone_margin=-60.0),
        replace(CLEAR, rival_margin=-25.0),
        replace(CLEAR, phrase_seconds=1.6, voice_seconds=1.7),
        replace(CLEAR, voice_seconds=1.6),
        replace(CLEAR, voice_seconds=0.5),
    ],
    ids=[
        "phones fit better",
        "a rival fits better",
        "too slow",
        "covers little",
        "stretched",
    ],
)
def test_one_bad_measure_refuses(evidence: Evidence) -> None:
    """Each gate alone can refuse a phrase."""
    assert not is_accepted(evidence)


def test_row_of_digits_has_to_fit_more_closely_than_a_phrase() -> None:
    """No rival is as long, so that all depends on the sounds."""
    loose = replace(CLEAR, phone_margin=-12.0, rival_margin=12.0)
    assert is_accepted(loose)
    assert not is_row_accepted(loose)
    assert is_row_accepted(CLEAR)


@pytest.mark.parametrize(("posterior", "distinct"), [(0.95, True), (0.5, False)])
def test_of_two_phrases_as_likely_none_is_taken(posterior: float, distinct: bool) -> None:
    """A phrase has to stand out among the phrases."""
    assert is_distinct(posterior) is distinct


def test_no_phrase_covers_an_utterance_beyond_the_longest() -> None:
    """Whatever its margins, a phrase in a longer utterance is too slow or covers too little."""
    voice = longest_voice_seconds(6) + 0.01
    for tenths in range(1, round(voice * 10) + 1):
        assert not is_accepted(
            replace(CLEAR, phrase_seconds=tenths / 10, voice_seconds=voice, rival_margin=1000.0)
        )
