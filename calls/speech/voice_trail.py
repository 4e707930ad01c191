"""Where in a call voice, or other sound, was heard, as far back as the call's audio is kept."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from calls.speech.voice_detector import FRAME_BYTES, HANGOVER_MS, VoiceDetector

ONSET_FRAMES, ONSET_VOICED = 10, 5
"""Voice begins where so many of so many frames hold it: every word does, no click. Nobody waits for
this to be certain, since the audio before it is heard again."""
LEARNING_BYTES = 5 * FRAME_BYTES
"""At the begin of a call the detector does not know the line yet and takes anything for voice."""
PAUSE_BYTES = 10 * FRAME_BYTES
"""So much without voice ends a stretch of it."""
HANGOVER_BYTES = HANGOVER_MS * 8 + FRAME_BYTES
"""What the detector calls voice for so long behind an utterance's end is part of that utterance."""


@dataclass(slots=True)
class Stretch:
    """Voice without a pause; positions are bytes of the whole call's audio."""

    began: int
    until: int
    """Position behind the latest frame with voice."""


class Detector(Protocol):
    """Tells of each frame of a call whether it is what is looked for."""

    def feed(self, audio: bytes) -> Iterator[tuple[bytes, bool]]: ...


class VoiceTrail:
    """Listens to all audio of a call and keeps where voice, or other sound, began and ended."""

    def __init__(self, kept_bytes: int, detector: Detector | None = None) -> None:
        """Take how much audio to look back on, and what tells voice; by default, one for voice."""
        self._kept_bytes = kept_bytes
        self._detector = detector or VoiceDetector()
        self._end = 0
        self._voiced: deque[int] = deque(maxlen=ONSET_VOICED)
        """Positions of the latest frames with voice."""
        self._stretches: deque[Stretch] = deque()

    @property
    def until(self) -> int:
        """Position behind the latest voice, 0 where none was heard or it is too long ago."""
        return self._stretches[-1].until if self._stretches else 0

    def feed(self, audio: bytes) -> None:
        """Take the audio that follows, pieces of any length."""
        for _, is_voice in self._detector.feed(audio):
            if is_voice and self._end >= LEARNING_BYTES:
                self._note_voice(self._end)
            self._end += FRAME_BYTES
        while self._stretches and self._stretches[0].until < self._end - self._kept_bytes:
            self._stretches.popleft()

    def after(self, position: int) -> Iterator[Stretch]:
        """Give, in their order, the stretches of which more than the hangover is behind it."""
        for stretch in self._stretches:
            if stretch.began >= position or stretch.until > position + HANGOVER_BYTES:
                yield stretch

    def first_after(self, position: int) -> Stretch | None:
        """Give the earliest of them."""
        return next(self.after(position), None)

    def _note_voice(self, position: int) -> None:
        self._voiced.append(position)
        until = position + FRAME_BYTES
        if self._stretches and until - self._stretches[-1].until <= PAUSE_BYTES:
            self._stretches[-1].until = until
        elif len(self._voiced) == ONSET_VOICED:
            began = self._voiced[0]
            if until - began <= ONSET_FRAMES * FRAME_BYTES:
                self._stretches.append(Stretch(began, until))
