"""Tells loud from quiet in telephone audio, 20 ms at a time, whatever makes the sound."""

from collections.abc import Iterator

from calls.speech.voice_detector import FRAME_BYTES

LOUD = 0x30
"""The least magnitude of a loud sample, of 0x7f: about 31 dB below the loudest that there is.

Speech on a telephone is far above it, the noise of a line far below.
"""

_QUIET = bytes(code for code in range(256) if ~code & 0x7F < LOUD)
"""The mu-law codes that are not loud: an inverted code is its sign and its magnitude."""


class LoudnessDetector:
    """Finds loud frames, those in which one sample at least is loud."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, audio: bytes) -> Iterator[tuple[bytes, bool]]:
        """Take mu-law audio of any length; give each frame that is complete, and if it is loud."""
        audio = self._rest + audio
        whole = len(audio) - len(audio) % FRAME_BYTES
        self._rest = audio[whole:]
        for start in range(0, whole, FRAME_BYTES):
            frame = audio[start : start + FRAME_BYTES]
            yield frame, bool(frame.translate(None, _QUIET))
