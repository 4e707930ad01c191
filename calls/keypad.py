"""Keys that a caller presses, gathered into what he means by them."""

import asyncio
from collections.abc import Callable

PAUSE_SECONDS = 2.0
"""After so long without a key the entry is complete, as it is after “#”."""

MAX_KEYS = 64


class Keypad:
    """Hands each complete entry, such as “4711”, to `on_entry`; “#” alone is an entry too."""

    def __init__(self, on_entry: Callable[[str], None]) -> None:
        self._on_entry = on_entry
        self._keys = ""
        self._timer: asyncio.TimerHandle | None = None

    @property
    def is_begun(self) -> bool:
        """Whether keys were pressed that are no complete entry yet."""
        return bool(self._keys)

    def press(self, key: str) -> None:
        """Take one key. Call it in the event loop."""
        self.stop()
        if key == "#":
            self._keys = self._keys or key
            self.complete()
            return
        self._keys += key
        if len(self._keys) == MAX_KEYS:
            self.complete()
        else:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(PAUSE_SECONDS, self.complete)

    def complete(self) -> None:
        """Hand over the keys pressed so far, if there are any."""
        self.stop()
        keys, self._keys = self._keys, ""
        if keys:
            self._on_entry(keys)

    def stop(self) -> None:
        """Wait for no more keys; those pressed so far stay."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
