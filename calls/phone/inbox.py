"""A channel of our own in the channel layer, for as long as it is open."""

import asyncio
from typing import Any, Final

from channels.layers import get_channel_layer

from voiceproject.channel_layer import LAYER_ERRORS

CLOSE_SECONDS: Final = 1.0
"""How long a channel layer may take to give back what a channel takes."""


class Inbox:
    """Takes what comes to its channel, `name`, from `open` to `close`.

    One task receives all the time: a channel layer gives back the queue and the subscription of a
    channel only where a `receive` is cancelled.
    """

    def __init__(self) -> None:
        self.name = ""
        self._messages: asyncio.Queue[dict[str, Any] | Exception] = asyncio.Queue()
        self._receiving: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Take messages from now on. Raises LAYER_ERRORS."""
        self.name = await get_channel_layer().new_channel()
        self._receiving = asyncio.create_task(self._receive(), name="phone-inbox")

    async def next(self) -> dict[str, Any]:
        """Wait for the next message. Raises LAYER_ERRORS, and gives none after that."""
        message = await self._messages.get()
        if isinstance(message, Exception):
            raise message
        return message

    async def close(self) -> None:
        """Take no more, and give the channel back; one that was not opened is closed already."""
        if self._receiving is None:
            return
        await asyncio.sleep(0)  # a task that was cancelled before it ran would give nothing back
        self._receiving.cancel()
        await asyncio.wait({self._receiving}, timeout=CLOSE_SECONDS)
        self._receiving = None

    async def _receive(self) -> None:
        layer = get_channel_layer()
        try:
            while True:
                self._messages.put_nowait(await layer.receive(self.name))
        except LAYER_ERRORS as error:
            self._messages.put_nowait(error)
