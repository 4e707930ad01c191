"""Where utterances begin and end in a stream of telephone audio."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from calls.speech.events import SpeechStarted
from calls.speech.voice_detector import FRAME_BYTES, FRAME_MS, VoiceDetector

_BYTES_PER_MS = 8
_SILENCE = b"\xff"

_LONGEST_FRAMES = 750  # 15 s

PAUSE_MS = 300
"""How long a pause ends an utterance, where nothing else is said."""

# Voice begins where 8 of 10 frames hold it, and ends where no more than 1 of those of a pause does.
_ONSET_FRAMES, _ONSET_VOICED = 10, 8
_PAUSE_VOICED = 1
_MARGIN_FRAMES = 5  # of what is around the voice, its faint beginning and end

# The detector of voice takes the noise of a line for voice as well, and then hears no end. So only
# what is within 30 dB of the loudest voice of the stream counts; that fades, for a shout to pass.
_RANGE = 10 ** (-30 / 10)
_FADING = 10 ** (-1 / 10 * FRAME_MS / 1000)  # 1 dB a second
_SMOOTHED_FRAMES = 5


@dataclass(frozen=True, slots=True)
class Utterance:
    """Voice without a pause, 100 ms more around it, as 16-bit PCM at 8 kHz; and where it ends."""

    pcm: bytes
    end_ms: int


class UtteranceFinder:
    """Takes the audio of one stream and tells of utterances as they begin and end.

    One that lasts longer than 15 s is cut there, and what follows is an utterance of its own.
    """

    def __init__(self, pause_ms: int = PAUSE_MS) -> None:
        self._pause_frames = pause_ms // FRAME_MS
        self._detector = VoiceDetector()
        self._powers: deque[float] = deque(maxlen=_SMOOTHED_FRAMES)
        self._loudest = 0.0
        self._voiced: deque[bool] = deque(maxlen=self._pause_frames)
        self._before: deque[bytes] = deque(maxlen=_ONSET_FRAMES + _MARGIN_FRAMES)
        self._running: list[bytes] = []
        self._heard = 0  # frames

    def feed(self, audio: bytes) -> Iterator[SpeechStarted | Utterance]:
        """Take mu-law audio of any length and give what began and ended in it."""
        for frame, is_voice in self._detector.feed(audio):
            yield from self._frame(frame, is_voice)

    def finish(self) -> Iterator[SpeechStarted | Utterance]:
        """Give what still runs at the end of the stream, or became voice in its last moment."""
        end_ms = self._heard * FRAME_MS + self._detector.waiting_bytes // _BYTES_PER_MS
        for event in self.feed(_SILENCE * (FRAME_BYTES * 2 * self._pause_frames)):
            if isinstance(event, Utterance):
                event = replace(event, end_ms=min(event.end_ms, end_ms))
            yield event

    def _frame(self, frame: bytes, is_voice: bool) -> Iterator[SpeechStarted | Utterance]:
        self._heard += 1
        self._voiced.append(self._is_near(frame, is_voice))
        if self._running:
            self._running.append(frame)
            if len(self._running) >= _LONGEST_FRAMES:
                yield self._cut(0)
            elif len(self._voiced) == self._pause_frames and sum(self._voiced) <= _PAUSE_VOICED:
                yield self._cut(self._quiet_frames())
            return
        self._before.append(frame)
        recent = list(self._voiced)[-_ONSET_FRAMES:]
        if sum(recent) >= _ONSET_VOICED:
            self._running = list(self._before)
            self._before.clear()
            yield SpeechStarted((self._heard - len(recent)) * FRAME_MS)

    def _is_near(self, frame: bytes, is_voice: bool) -> bool:
        """Say whether a frame holds a voice that is not far weaker than the one before."""
        level = np.frombuffer(frame, dtype=np.int16).astype(np.float32)
        power = float(np.mean(level * level))
        self._powers.append(power)
        self._loudest *= _FADING
        if not is_voice:
            return False
        self._loudest = max(self._loudest, sum(self._powers) / _SMOOTHED_FRAMES)
        return power > self._loudest * _RANGE

    def _quiet_frames(self) -> int:
        """Give how many frames passed since the last one with voice."""
        newest_first = list(self._voiced)[::-1]
        return newest_first.index(True) if True in newest_first else len(newest_first)

    def _cut(self, quiet_frames: int) -> Utterance:
        """End the running utterance, which was followed by so many frames of quiet."""
        kept = len(self._running) - max(0, quiet_frames - _MARGIN_FRAMES)
        utterance = Utterance(
            b"".join(self._running[:kept]), (self._heard - quiet_frames) * FRAME_MS
        )
        self._running = []
        self._voiced.clear()
        return utterance
