"""SVOX Pico: a small voice for five languages, under the Apache licence 2.0.

https://pypi.org/project/py-nanotts/
"""

import re

from py_nanotts import NanoTTS

from calls.voice.offline.speaker import Spoken, from_16_bit
from calls.voice.offline.wire import Job

_RATE = 16_000
_VOICES = {
    "de": "de-DE",
    "en": "en-GB",
    "es": "es-ES",
    "fr": "fr-FR",
    "it": "it-IT",
}

# It obeys markup of its own, such as <play file=…>.
_MARKUP = re.compile(r"[<>]")


class PicoSpeaker:
    """Speaks with the voice of the language; English is British unless it is American."""

    gain = 0.4

    def __init__(self) -> None:
        self._pico = NanoTTS()

    def __call__(self, job: Job) -> Spoken:
        """Speak."""
        voice = _VOICES[job.language.partition("-")[0].lower()]
        if job.language.lower() == "en-us":
            voice = "en-US"
        text = _MARKUP.sub(" ", job.text)
        pcm = self._pico.speak(text, voice=voice, speed=job.speed / 100)
        return Spoken(from_16_bit(pcm), _RATE)
