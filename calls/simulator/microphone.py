"""What a live caller says on one stream, between an uneven network and an even clock."""

from collections import deque
from typing import Final

from calls.simulator import audio

MAX_FRAMES: Final = 50
"""A second: what is older is dropped, however loud."""

TARGET_FRAMES: Final = 6
"""While more wait than these 120 ms, silent ones are skipped: a burst delays no later word."""

PREFILL_FRAMES: Final = 3
"""How many are waited for after a gap, so that the next late one leaves none."""


class Microphone:
    """A small buffer of frames of 20 ms, put in as they arrive and taken at the clock's pace."""

    def __init__(self) -> None:
        self._frames: deque[bytes] = deque(maxlen=MAX_FRAMES)
        self._is_filling = True

    def __len__(self) -> int:
        return len(self._frames)

    def put(self, frame: bytes) -> None:
        """Take in a frame. Where the buffer is full, the oldest makes room."""
        self._frames.append(frame)

    def take(self) -> bytes | None:
        """Give the next frame, or None where none is there in time."""
        if not self._frames:
            self._is_filling = True
        if self._is_filling and len(self._frames) < PREFILL_FRAMES:
            return None
        self._is_filling = False
        while len(self._frames) > TARGET_FRAMES and not audio.last_sound(self._frames[0]):
            self._frames.popleft()
        return self._frames.popleft()
