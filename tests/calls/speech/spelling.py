"""A recognizer for tests in which not recognition but everything around it is tried.

Its audio is spelt: `spell("hello")` is sound whose bytes are the letters, so whatever bytes
reach the recognizer decide what it hears. Lost, doubled or foreign audio shows in the text.
"""

import asyncio
from collections.abc import AsyncIterator

from calls.speech.events import Final, Interim, RecognitionEvent, SpeechStarted
from calls.speech.recognizer import RecognitionConfig

BEGIN, END, FILL, SILENCE = 0x01, 0x02, 0x03, 0xFF
INTERIM, ANEW = 0x04, 0x05
"""In the middle of a word: report what it is so far; forget what it was so far."""


def spell(text: str, ms: int = 100) -> bytes:
    """Return sound of at least `ms` milliseconds that is heard as `text`, which is ASCII."""
    word = bytes([BEGIN]) + text.encode("ascii") + bytes([END])
    return word.ljust(max(ms * 8, -(-len(word) // 160) * 160), bytes([FILL]))


def spell_slowly(early: str, text: str, ms: int = 1500) -> bytes:
    """Return sound that is taken for `early` at first, and for `text` some milliseconds later."""
    return spell_early(early) + bytes([FILL]) * (ms * 8) + spell_rest(text)


def spell_early(text: str) -> bytes:
    """Return sound that is taken for `text` while nothing more comes; `spell_rest` ends it."""
    return (bytes([BEGIN]) + text.encode("ascii") + bytes([INTERIM])).ljust(160, bytes([FILL]))


def spell_rest(text: str) -> bytes:
    """Return sound by which all of the word, from `spell_early` on, is heard as `text`."""
    end = bytes([ANEW]) + text.encode("ascii") + bytes([END])
    return end.ljust(800, bytes([FILL]))


class SpellingStream:
    """Reports a Final as soon as the word it hears is spelt to its end."""

    def __init__(self) -> None:
        self._events: asyncio.Queue[RecognitionEvent | None] = asyncio.Queue()
        self._bytes = 0
        self._word: bytearray | None = None

    def write(self, audio: bytes) -> None:
        for byte in audio:
            self._bytes += 1
            if byte == BEGIN:
                self._word = bytearray()
                self._events.put_nowait(SpeechStarted(self._bytes // 8))
            elif byte == END and self._word is not None:
                text, self._word = self._word.decode("ascii"), None
                self._events.put_nowait(Final(text, 0.9, -(-self._bytes // 8)))
            elif byte == INTERIM and self._word is not None:
                self._events.put_nowait(Interim(self._word.decode("ascii")))
            elif byte == ANEW and self._word is not None:
                self._word.clear()
            elif self._word is not None and 0x20 <= byte < 0x7F:
                self._word.append(byte)

    def finish(self) -> None:
        self._events.put_nowait(None)

    async def __aiter__(self) -> AsyncIterator[RecognitionEvent]:
        while (event := await self._events.get()) is not None:
            yield event

    async def aclose(self) -> None:
        self.finish()


class SpellingRecognizer:
    """The engine; `RECOGNIZER=tests.calls.speech.spelling.SpellingRecognizer` chooses it."""

    name = "spelling"
    max_stream_seconds = None
    is_metered = False
    has_interims = False

    def open(self, config: RecognitionConfig) -> SpellingStream:
        return SpellingStream()

    async def aclose(self) -> None:
        """Nothing is held."""
