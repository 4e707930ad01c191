"""Audio that is there as a whole, among that which comes piece by piece. Pure."""

from collections.abc import AsyncIterator


class WholeAudio(AsyncIterator[bytes]):
    """Gives its audio in one piece, once. Who knows it need not wait for it: `take` gives it."""

    def __init__(self, audio: bytes) -> None:
        self._audio = audio

    def take(self) -> bytes:
        """Return what was not given yet."""
        audio, self._audio = self._audio, b""
        return audio

    async def __anext__(self) -> bytes:
        if audio := self.take():
            return audio
        raise StopAsyncIteration
