"""Notices an engine that goes on taking audio and has stopped to answer."""

from calls.speech.call_audio import WORD_BYTES
from calls.speech.events import Final, Interim, RecognitionEvent
from calls.speech.recognizer import Recognizer
from calls.speech.voice_trail import Stretch, VoiceTrail

PATIENCE_SECONDS = 4.5
"""How long an engine may say nothing while it is given voice. Voice is certain a fifth of a second
after it began and looked at ten times a second, so a deaf engine is found out within 5 s."""
UTTERANCE_SECONDS = 20.0
"""How long one may say nothing between the begin of speech and the transcript where no interim is
to be expected: it waits for the end of an utterance, cuts it off after 15 s, and decodes it."""
TAIL_BYTES = 8_000
"""An event comes somewhat after the voice that it is about: 1 s more of that asks for no other."""


class Watchdog:
    """Watches one stream; positions are bytes of the whole call's audio, times are seconds."""

    def __init__(self, engine: Recognizer, trail: VoiceTrail, start: int, now: float) -> None:
        """Take where voice was heard, and from which position on an answer to it is due."""
        self._engine = engine
        self._trail = trail
        self._answered = start
        self._speech_runs = False
        self._has_words = False
        self._since: float | None = None
        self.answered_at = now
        """When the latest event came, or the stream was opened."""

    @property
    def owes_final(self) -> bool:
        """Whether the engine told of an utterance and did not come to its end.

        Speech without words may be a cough. A metered stream is ended in the silence after it, and
        then has told all; of any other a Final is expected, be it an empty one.
        """
        return self._has_words or (self._speech_runs and not self._engine.is_metered)

    def note(self, event: RecognitionEvent, heard: int, now: float) -> None:
        """Take an event of the stream: all voice heard so far counts as answered."""
        is_final = isinstance(event, Final)
        self._speech_runs = not is_final
        self._has_words = not is_final and (self._has_words or isinstance(event, Interim))
        self._answered = heard
        self._since = None
        self.answered_at = now

    def excuse(self, position: int) -> None:
        """Ask for no answer to the voice before a position."""
        self._answered = max(self._answered, position)
        self._speech_runs = self._has_words = False
        self._since = None

    def unanswered(self) -> Stretch | None:
        """Return the earliest voice of which the engine said nothing yet."""
        for stretch in self._trail.after(self._answered):
            if stretch.began >= self._answered:
                due = stretch.began + WORD_BYTES
            else:
                due = self._answered + TAIL_BYTES
            if stretch.until >= due:
                return stretch
        return None

    def is_due(self, now: float) -> bool:
        """Whether the engine has been silent about a voice, or its transcript, for too long."""
        if self.owes_final:
            patience = PATIENCE_SECONDS if self._has_words else UTTERANCE_SECONDS
            if now - self.answered_at >= patience:
                return True
        stretch = self.unanswered()
        if stretch is None:
            self._since = None
            return False
        if self._since is None:
            self._since = now if stretch.began >= self._answered else self.answered_at
        waits_for_final = self._speech_runs and not self._engine.has_interims
        return now - self._since >= (UTTERANCE_SECONDS if waits_for_final else PATIENCE_SECONDS)
