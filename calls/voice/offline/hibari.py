"""Hibari: a small neural voice of American English, under the Apache licence 2.0.

https://pypi.org/project/hibari-tts/
"""

from hibari import SAMPLE_RATE, Hibari

from calls.voice.offline.speaker import Spoken
from calls.voice.offline.wire import Job


class HibariSpeaker:
    """Speaks with the voice that comes with the package; others would be downloaded."""

    gain = 2.0

    def __init__(self) -> None:
        self._hibari = Hibari(threads=1)
        # Loads what else it needs, before somebody waits for it.
        self._hibari("Hello.")

    def __call__(self, job: Job) -> Spoken:
        """Speak; the same text sounds the same every time."""
        sound = self._hibari(job.text, speed=min(max(job.speed, 50), 200) / 100, seed=0)
        return Spoken(sound, SAMPLE_RATE)
