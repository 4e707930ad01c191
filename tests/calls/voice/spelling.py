"""A synthesizer for tests: its audio is spelt, so that it can be read what a caller heard."""

import asyncio
from collections.abc import AsyncIterator, Iterable

from calls.voice.synthesizer import SynthesizerUnavailable
from calls.voice.wording import Wording
from tests.calls.speech.spelling import BEGIN, END, spell

MS_PER_LETTER = 20
UNSPEAKABLE = "cannot be spoken"
"""A text with these words fails; one with HALTING in it fails half way."""
HALTING = "halting"
SLOW = "slowly"
"""A text with this word takes half a second to begin."""


class SpellingSynthesizer:
    """The engine; `SYNTHESIZER=tests.calls.voice.spelling.SpellingSynthesizer` chooses it."""

    name = "spelling"

    async def speak(self, wording: Wording) -> AsyncIterator[bytes]:
        """Give the letters of the text, and as much sound as it takes to say them."""
        if UNSPEAKABLE in wording.text:
            raise SynthesizerUnavailable("it cannot")
        if SLOW in wording.text:
            await asyncio.sleep(0.5)
        text = wording.text.encode("ascii", "replace").decode()
        audio = spell(text, ms=MS_PER_LETTER * len(text))
        half = len(audio) // 2
        yield audio[:half]
        if HALTING in wording.text:
            raise SynthesizerUnavailable("it halts")
        yield audio[half:]

    async def aclose(self) -> None:
        """Nothing is held."""


def read(pieces: Iterable[bytes]) -> list[str]:
    """Return the texts that begin in some audio."""
    texts: list[str] = []
    for part in b"".join(pieces).split(bytes([BEGIN]))[1:]:
        texts.append(part.partition(bytes([END]))[0].decode())
    return texts
