"""A synthesizer without an engine: what it speaks is the text itself, as bytes."""

import asyncio
from collections.abc import AsyncIterator, Callable

from calls.voice.wording import Wording


class Mouth:
    """How a test speaks a text by itself; `asked` is set once somebody wants to hear it."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.pieces: asyncio.Queue[bytes | Exception | None] = asyncio.Queue()

    def say(self, *pieces: bytes) -> None:
        """Speak some more."""
        for piece in pieces:
            self.pieces.put_nowait(piece)

    def fail(self, error: Exception) -> None:
        """Break off."""
        self.pieces.put_nowait(error)

    def end(self) -> None:
        """Have said all."""
        self.pieces.put_nowait(None)


class ScriptedSynthesizer:
    """Speaks at once and in one piece, but texts that are in `errors`, or `by_hand`.

    `spoken` are the texts it was asked for. `on_speak` is called before each is spoken.
    """

    name = "scripted"

    def __init__(self, on_speak: Callable[[str], object] = lambda text: None) -> None:
        self.spoken: list[str] = []
        self.errors: dict[str, Exception] = {}
        self.by_hand: dict[str, Mouth] = {}
        self.is_closed = False
        self.on_speak = on_speak

    def take(self, text: str) -> Mouth:
        """Have a test speak a text."""
        self.by_hand[text] = Mouth()
        return self.by_hand[text]

    async def speak(self, wording: Wording) -> AsyncIterator[bytes]:
        """Yield what the test wants spoken."""
        text = wording.text
        self.spoken.append(text)
        self.on_speak(text)
        if text in self.errors:
            raise self.errors[text]
        if text not in self.by_hand:
            yield text.encode()
            return
        mouth = self.by_hand[text]
        mouth.asked.set()
        while (piece := await mouth.pieces.get()) is not None:
            if isinstance(piece, Exception):
                raise piece
            yield piece

    async def aclose(self) -> None:
        """Note that the engine is released."""
        self.is_closed = True


async def heard(audio: AsyncIterator[bytes]) -> bytes:
    """Listen to the end."""
    return b"".join([piece async for piece in audio])
