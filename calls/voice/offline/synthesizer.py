"""Text to speech on this machine: no account, network or cost."""

import re
from collections.abc import AsyncIterator, Iterator

from calls.voice.offline.processes import SpeakingProcesses
from calls.voice.offline.voices import INSTALL, OfflineVoice, choose, installed
from calls.voice.offline.wire import Job
from calls.voice.sentences import pieces
from calls.voice.synthesizer import SynthesizerRefused
from calls.voice.wording import Wording
from chatbot import ssml
from chatbot.ssml_tree import write

_LEAST_CHARACTERS = 80
_MOST_CHARACTERS = 250
"""A piece takes a voice some 50 ms, so calls take turns, and the first is heard soon."""

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
# Some engines fail or hang on words without end, and sooner on numbers.
_LONG_WORD = re.compile(r"([0-9]{12}|\S{40})(?=\S)")
_PAUSE_MS = 200
"""Between two pieces: the voices leave none at their ends."""


class OfflineSynthesizer:
    """Speaks with the voices that are installed, each in processes of its own."""

    def __init__(self, processes: int) -> None:
        """Take how many processes a voice has at the most. Raises ValueError without a voice."""
        self._voices = installed()
        if not self._voices:
            raise ValueError(f"No offline voice is installed. {INSTALL}")
        self.name = f"offline {' '.join(voice.version for voice in self._voices)}"
        self._number = processes
        self._processes: dict[str, SpeakingProcesses] = {}
        self._closed = False

    async def speak(self, wording: Wording) -> AsyncIterator[bytes]:
        """Yield mu-law 8 kHz audio, piece by piece. Raises a SynthesisError."""
        if self._closed:
            raise SynthesizerRefused("The offline voices are closed")
        voice = choose(wording.language, wording.voice, self._voices)
        processes = self._of(voice)
        pause_ms = 0
        for step in _steps(wording, voice):
            if isinstance(step, int):
                pause_ms += step
                continue
            audio = await processes.speak(step)
            if pause_ms:
                yield _silence(pause_ms)
                pause_ms = 0
            if audio:
                yield audio
        if pause_ms:
            yield _silence(pause_ms)

    async def aclose(self) -> None:
        """End all processes."""
        self._closed = True
        for processes in self._processes.values():
            await processes.aclose()

    def _of(self, voice: OfflineVoice) -> SpeakingProcesses:
        if voice.name not in self._processes:
            self._processes[voice.name] = SpeakingProcesses(voice.name, self._number)
        return self._processes[voice.name]


def _steps(wording: Wording, voice: OfflineVoice) -> Iterator[Job | int]:
    """Yield what is spoken, and the pauses between, in milliseconds."""
    markup = ssml.tree(wording.text)
    if markup is not None and voice.takes_markup:
        yield Job(write(markup), wording.language, wording.speed, is_markup=True)
        return
    for passage in ssml.passages(wording.text):
        text = _LONG_WORD.sub(r"\1 ", _CONTROL.sub(" ", passage.text))
        for number, piece in enumerate(pieces(text, _LEAST_CHARACTERS, _MOST_CHARACTERS)):
            if number:
                yield _PAUSE_MS
            yield Job(piece, wording.language, wording.speed)
        if passage.pause_ms:
            yield passage.pause_ms


def _silence(duration_ms: int) -> bytes:
    return b"\xff" * (8 * duration_ms)
