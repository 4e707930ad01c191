"""Tells voice from other sound in telephone audio, 20 ms at a time."""

from collections.abc import Iterator

from pocketsphinx import Vad

from calls.speech import mulaw

FRAME_MS = 20
FRAME_BYTES = FRAME_MS * 8
"""A frame of mu-law 8 kHz audio."""
HANGOVER_MS = 140
"""For so long after its end a voice may still be called one: the detector bridges pauses."""

_RATE = 8000
_PCM_FRAME_BYTES = 2 * FRAME_BYTES


class VoiceDetector:
    """WebRTC's detector, in the mode that would rather take noise for a voice than miss one.

    It learns the noise of a line within a second, and costs under 0.2 ms of CPU for a second of
    audio. Its first frames of a call may count as voice, whatever they hold.
    """

    def __init__(self) -> None:
        self._detector = Vad(Vad.LOOSE, _RATE, FRAME_MS / 1000)
        self._rest = b""

    @property
    def waiting_bytes(self) -> int:
        """How much audio was taken that makes no whole frame yet."""
        return len(self._rest)

    def feed(self, audio: bytes) -> Iterator[tuple[bytes, bool]]:
        """Take mu-law audio of any length; give each frame that is complete by it.

        A frame is 16-bit PCM at 8 kHz, and whether it holds voice.
        """
        audio = self._rest + audio
        whole = len(audio) - len(audio) % FRAME_BYTES
        self._rest = audio[whole:]
        pcm = mulaw.to_pcm(audio[:whole]).tobytes()
        for start in range(0, len(pcm), _PCM_FRAME_BYTES):
            frame = pcm[start : start + _PCM_FRAME_BYTES]
            yield frame, self._detector.is_speech(frame)
