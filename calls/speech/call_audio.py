"""What was heard of a call, and how much of it is done with; positions are bytes of its audio."""

from operator import attrgetter

from calls.speech.loudness import LoudnessDetector
from calls.speech.ring_buffer import RingBuffer
from calls.speech.voice_trail import Stretch, VoiceTrail

BYTES_PER_MS = 8
KEPT_BYTES = 30_000 * BYTES_PER_MS
"""How much audio can be replayed: the longest gap that a call survives without losing words."""
WAKE_LEAD_BYTES = 600 * BYTES_PER_MS
"""Words begin fainter than a detector can tell; this much before is heard as well."""
WORD_BYTES = 300 * BYTES_PER_MS
"""A shorter voice, the detector's hangover included, may be a cough."""


class CallAudio:
    """The latest audio of a call, the sounds in it, and how far its recognition has come."""

    def __init__(self) -> None:
        self.voice = VoiceTrail(KEPT_BYTES)
        self._sound = VoiceTrail(KEPT_BYTES, LoudnessDetector())
        """Loud sound: a voice that the detector of voice takes for none is heard all the same."""
        self.settled = 0
        """Audio before this position is reported in a Final, or known to be silence."""
        self.excused = 0
        """An engine that said nothing about voice before this position need not do so any more."""
        self._doubted = 0
        self._kept = RingBuffer(KEPT_BYTES)

    @property
    def start(self) -> int:
        """Position of the oldest byte that is still kept."""
        return self._kept.start

    @property
    def end(self) -> int:
        """Position behind the newest byte."""
        return self._kept.end

    def feed(self, audio: bytes) -> None:
        """Take the audio that follows, pieces of any length."""
        self._kept.append(audio)
        self.voice.feed(audio)
        self._sound.feed(audio)

    def since(self, position: int) -> bytes:
        """Return the audio from a position on, as far as it is kept."""
        return self._kept.since(position)

    @property
    def quiet_from(self) -> int:
        """Position behind the latest sound, a voice or anything loud; 0 where there was none."""
        return max(self.voice.until, self._sound.until)

    def quiet_seconds(self) -> float:
        """Return for how long nobody has spoken, nor anything been loud."""
        return (self.end - self.quiet_from) / BYTES_PER_MS / 1000

    def settle(self, position: int) -> None:
        """Be done with the audio before a position."""
        self.settled = max(self.settled, position)

    def settle_silence(self) -> None:
        """Be done with what lies well before the earliest unheard sound, or before now."""
        sound = self.unheard()
        self.settle(self.before(sound) if sound else self.end - WAKE_LEAD_BYTES)

    def sound_after(self, position: int) -> Stretch | None:
        """Return the earliest sound behind a position, a voice or anything loud."""
        found = (trail.first_after(position) for trail in (self.voice, self._sound))
        return min(filter(None, found), key=attrgetter("began"), default=None)

    def unheard(self) -> Stretch | None:
        """Return the earliest sound that is not settled."""
        return self.sound_after(self.settled)

    def has_unsettled_voice(self) -> bool:
        """Whether there is a voice that is not settled, and no mere cough."""
        voices = self.voice.after(self.settled)
        return any(voice.until - voice.began >= WORD_BYTES for voice in voices)

    def before(self, sound: Stretch) -> int:
        """Return from where on a sound is to be heard, faint beginning and all."""
        return sound.began - WAKE_LEAD_BYTES

    def doubt(self) -> bool:
        """Note that the voice so far was not answered; return whether all of it was before."""
        was_doubted = self.voice.first_after(self._doubted) is None
        self._doubted = self.end
        return was_doubted

    def excuse(self) -> None:
        """Ask for no answer to the voice so far."""
        self.excused = self.end

    def ask_anew(self) -> None:
        """Expect of another engine what the one before could not do."""
        self.excused = self._doubted = 0
