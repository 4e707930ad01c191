"""The latest audio of a call, addressed by its position in the whole call."""


class RingBuffer:
    """Keeps the newest `capacity` bytes; positions count from the first byte ever appended."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._audio = bytearray()
        self.start = 0
        """Position of the oldest byte that is still kept."""

    @property
    def end(self) -> int:
        """Position behind the newest byte."""
        return self.start + len(self._audio)

    def append(self, audio: bytes) -> None:
        """Add audio at the end; the oldest bytes beyond the capacity go."""
        self._audio += audio
        if (surplus := len(self._audio) - self._capacity) > 0:
            del self._audio[:surplus]
            self.start += surplus

    def since(self, position: int) -> bytes:
        """Return the audio from `position` on, or all that is kept where that is further back."""
        return bytes(self._audio[max(0, position - self.start) :])
