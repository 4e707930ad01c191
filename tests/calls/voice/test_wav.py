"""WAV headers in front of audio."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.voice.wav import HeaderRemover, WavError, without_header
from tests.calls.voice.google_server import wav

AUDIO = bytes(range(256))


def test_audio_without_a_header_stays_as_it_is() -> None:
    """Nothing is cut."""
    assert without_header(AUDIO) == AUDIO


@pytest.mark.parametrize("start", [b"", b"R", b"RIF", b"RI"])
def test_audio_that_begins_like_a_header_is_audio(start: bytes) -> None:
    """However short."""
    assert without_header(start) == start


def test_chunks_before_the_audio_go() -> None:
    """Also those of odd length, which a byte fills up."""
    assert without_header(wav(AUDIO, (b"fact", b"abcd"), (b"LIST", b"odd"))) == AUDIO


def test_chunks_behind_the_audio_go() -> None:
    """They would be heard as noise."""
    assert without_header(wav(AUDIO + b"LISTxxxx", length=len(AUDIO))) == AUDIO


@pytest.mark.parametrize("length", [0, 0x7FFFFFFF, 0xFFFFFFFF])
def test_length_that_nobody_knew_ends_nothing(length: int) -> None:
    """A stream is written before its length is known."""
    assert without_header(wav(AUDIO, length=length)) == AUDIO


def test_header_without_audio_is_no_audio() -> None:
    """A stream that ends in its header is silent."""
    assert without_header(wav(AUDIO)[:30]) == b""


def test_other_format_is_refused() -> None:
    """PCM played as mu-law is noise."""
    with pytest.raises(WavError, match="WAV of format"):
        without_header(wav(AUDIO).replace(b"\x07\x00\x01\x00", b"\x01\x00\x01\x00"))


@given(st.binary(max_size=80), st.booleans(), st.lists(st.integers(0, 200), max_size=6))
def test_cutting_into_pieces_changes_nothing(
    audio: bytes, has_header: bool, cuts: list[int]
) -> None:
    """Whatever the network does to a stream."""
    data = wav(audio) if has_header else audio
    whole = without_header(data)
    remover = HeaderRemover()
    edges = [0, *sorted(cuts), len(data)]
    parts = [remover.feed(data[a:b]) for a, b in itertools.pairwise(edges)]
    assert b"".join([*parts, remover.finish()]) == whole
