"""Telephone audio as a file."""

import struct

from calls.voice.playable import wav_of


def test_file_is_mulaw_at_8_khz() -> None:
    wav = wav_of(b"\xff\x00")
    assert wav[:4] + wav[8:16] == b"RIFFWAVEfmt "
    assert struct.unpack("<HHLLHH", wav[20:36]) == (7, 1, 8000, 8000, 1, 8)
    assert wav.endswith(b"data\x02\0\0\0\xff\x00")


def test_sizes_agree_with_what_follows() -> None:
    """An odd number of samples is filled up, and counted without the filling."""
    wav = wav_of(b"abc")
    assert struct.unpack("<L", wav[4:8]) == (len(wav) - 8,)
    assert wav.endswith(b"data\x03\0\0\0abc\0")
