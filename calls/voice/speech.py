"""The audio of one text while it comes, for as many listeners as want it."""

import asyncio
from collections.abc import AsyncIterator

from calls.voice.synthesizer import SynthesisError


class Speech:
    """Grows by `add` until `end` or `fail`; who comes late gets the pieces so far, then the rest.

    For one event loop. Listeners come and go; the speech does not depend on them.
    """

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._changed = asyncio.Event()
        self._error: SynthesisError | None = None
        self.is_over = False

    @property
    def audio(self) -> bytes:
        """What has come so far."""
        return b"".join(self._pieces)

    def add(self, piece: bytes) -> None:
        """Let the listeners have some more."""
        if piece:
            self._pieces.append(piece)
            self._tell()

    def end(self) -> None:
        """Nothing more comes: all was said."""
        self.is_over = True
        self._tell()

    def fail(self, error: SynthesisError) -> None:
        """Nothing more comes: every listener gets the error, behind the pieces so far."""
        self._error = error
        self.end()

    def _tell(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def listen(self) -> AsyncIterator[bytes]:
        """Yield the audio from its begin. Raises a SynthesisError."""
        heard = 0
        while True:
            while heard < len(self._pieces):
                yield self._pieces[heard]
                heard += 1
            if self.is_over:
                break
            await self._changed.wait()
        if self._error is not None:
            raise self._error
