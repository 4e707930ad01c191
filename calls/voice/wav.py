"""The header in front of audio. Pure."""

import struct
from typing import Final

_RIFF_BYTES: Final = 12
_CHUNK_BYTES: Final = 8
_MULAW: Final = (7, 1, 8000)
"""The format tag of mu-law, one channel, samples a second."""

_UNKNOWN_LENGTH: Final = 0x7FFF_0000
"""From here on a length is one that a writer put there who could not know it."""


class WavError(ValueError):
    """Audio that is not mu-law at 8 kHz."""


class HeaderRemover:
    """Takes audio piece by piece; gives it back without the WAV header, where it has one.

    The header ends where its chunk “data” begins, and not after a number of bytes: others may
    stand before it. What follows that chunk is no audio either.
    """

    def __init__(self) -> None:
        self._held = b""
        self._is_audio = False
        self._left: int | None = None
        """How many bytes of audio are still to come; None where nobody knows."""

    def feed(self, data: bytes) -> bytes:
        """Return the audio in the next piece, which may be none yet. Raises WavError."""
        if not self._is_audio:
            self._held += data
            data = self._behind_header()
        if self._left is not None:
            data = data[: self._left]
            self._left -= len(data)
        return data

    def finish(self) -> bytes:
        """Return what was held back: audio, where it was no header after all."""
        held, self._held = self._held, b""
        return b"" if held.startswith(b"RIFF") else held

    def _behind_header(self) -> bytes:
        held = self._held
        if not b"RIFF".startswith(held[:4]):
            return self._begin(held)
        position = _RIFF_BYTES
        while len(held) >= position + _CHUNK_BYTES:
            name, length = struct.unpack_from("<4sI", held, position)
            position += _CHUNK_BYTES
            if name == b"data":
                self._left = length if 0 < length < _UNKNOWN_LENGTH else None
                return self._begin(held[position:])
            if name == b"fmt " and len(held) >= position + length:
                _check_format(held[position : position + length])
            position += length + length % 2
        return b""

    def _begin(self, audio: bytes) -> bytes:
        self._is_audio = True
        self._held = b""
        return audio


def without_header(data: bytes) -> bytes:
    """Return audio without its WAV header, if it has one. Raises WavError."""
    remover = HeaderRemover()
    return remover.feed(data) + remover.finish()


def _check_format(chunk: bytes) -> None:
    try:
        found = struct.unpack_from("<HHI", chunk)
    except struct.error:
        raise WavError("a WAV header is cut short") from None
    if found != _MULAW:
        raise WavError(f"WAV of format, channels and rate {found}, not {_MULAW}")
