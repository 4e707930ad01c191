"""Where utterances begin and end in a stream of telephone audio."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from pocketsphinx import Endpointer

from calls.speech.events import SpeechStarted
from calls.speech.offline import mulaw

_RATE = 8000
_BYTES_PER_MS = 8
_SILENCE = b"\xff"
_FRAME_SECONDS = 0.02
_LONGEST_SECONDS = 15.0

# Voice begins, and ends, where nine tenths of this much audio agree; 0 is the least strict mode.
_WINDOW_SECONDS = 0.24
_AGREEING = 0.9
_MODE = 0


@dataclass(frozen=True, slots=True)
class Utterance:
    """Voice without a pause: 16-bit PCM at 8 kHz, and where it ends in the stream."""

    pcm: bytes
    end_ms: int


class UtteranceFinder:
    """Takes the audio of one stream and tells of utterances as they begin and end.

    One that lasts longer than 15 s is cut there, and what follows is an utterance of its own.
    """

    def __init__(self) -> None:
        self._endpointer = self._new_endpointer()
        self._frame_bytes = self._endpointer.frame_bytes // 2  # a mu-law sample is one byte
        self._waiting = bytearray()
        self._voice = bytearray()
        self._offset_ms = 0
        self._heard_ms = 0

    def feed(self, audio: bytes) -> Iterator[SpeechStarted | Utterance]:
        """Take mu-law audio of any length and give what began and ended in it."""
        self._waiting += audio
        whole = len(self._waiting) // self._frame_bytes * self._frame_bytes
        pcm = mulaw.to_pcm(bytes(self._waiting[:whole])).tobytes()
        del self._waiting[:whole]
        step = self._endpointer.frame_bytes
        for start in range(0, len(pcm), step):
            yield from self._frame(pcm[start : start + step])

    def finish(self) -> Iterator[SpeechStarted | Utterance]:
        """Give what still runs at the end of the stream, or became voice in its last moment."""
        end_ms = self._heard_ms + len(self._waiting) // _BYTES_PER_MS
        for event in self.feed(_SILENCE * (2 * round(_WINDOW_SECONDS * _RATE))):
            if isinstance(event, Utterance):
                event = replace(event, end_ms=min(event.end_ms, end_ms))
            yield event
        if self._endpointer.in_speech:
            yield self._cut(end_ms)

    def _frame(self, frame: bytes) -> Iterator[SpeechStarted | Utterance]:
        was_running = self._endpointer.in_speech
        voice = self._endpointer.process(frame)
        self._heard_ms += len(frame) // 2 // _BYTES_PER_MS
        if voice is None:
            return
        if not was_running:
            yield SpeechStarted(self._stream_ms(self._endpointer.speech_start))
        self._voice += voice
        if not self._endpointer.in_speech:
            yield self._cut(self._stream_ms(self._endpointer.speech_end))
        elif len(self._voice) >= _LONGEST_SECONDS * _RATE * 2:
            yield self._cut(self._stream_ms(self._endpointer.speech_start + _LONGEST_SECONDS))
            # A new one, because an endpointer offers no way to leave speech before a pause.
            self._endpointer = self._new_endpointer()
            self._offset_ms = self._heard_ms

    def _cut(self, end_ms: int) -> Utterance:
        utterance = Utterance(bytes(self._voice), end_ms)
        self._voice.clear()
        return utterance

    def _stream_ms(self, seconds: float) -> int:
        return self._offset_ms + round(seconds * 1000)

    @staticmethod
    def _new_endpointer() -> Endpointer:
        return Endpointer(_WINDOW_SECONDS, _AGREEING, _MODE, _RATE, _FRAME_SECONDS)
