"""What the caller hears and decides, told to the page and heard from it."""

import asyncio
from collections.abc import Callable
from typing import Final

from calls.phone import messages
from calls.phone.messages import ToPage
from calls.simulator import Dialled, Said
from calls.simulator.dialling import DialStatus
from calls.simulator.verbs import Gather

PIECE_BYTES: Final = 4000
"""Sound goes to the page in pieces of half a second at the most."""


class BrowserHandset:
    """The handset of one call, as `calls.simulator.Handset` wants it. Never blocks on the page."""

    def __init__(self, tell: Callable[[ToPage | bytes], None]) -> None:
        """`tell` takes what the page is to know, and sound that it is to play."""
        self._tell = tell
        self._texts = 0
        self._spoken = asyncio.Event()
        self._reaction: asyncio.Future[DialStatus] | None = None
        self._parting = asyncio.Event()

    # What the page tells

    def spoken(self, text_id: int) -> None:
        """Note that a text was spoken; one that was cut before is none of our business."""
        if text_id == self._texts:
            self._spoken.set()

    def react(self, status: DialStatus) -> None:
        """Decide how those who are called react; without a call to anybody, nothing."""
        if self._reaction is not None and not self._reaction.done():
            self._reaction.set_result(status)

    def part(self) -> None:
        """Have whoever has answered hang up."""
        self._parting.set()

    # What the simulator tells and asks

    def hear(self, clip: bytes) -> None:
        for at in range(0, len(clip), PIECE_BYTES):
            self._tell(clip[at : at + PIECE_BYTES])

    def clear(self) -> None:
        self._tell(messages.Clear())

    def unheard(self, url: str) -> None:
        self._tell(messages.Unheard(url))

    async def speak(self, said: Said) -> None:
        self._texts += 1
        self._spoken = asyncio.Event()
        self._tell(messages.Say(self._texts, said.text, said.language, said.voice))
        try:
            await self._spoken.wait()
        finally:
            if not self._spoken.is_set():
                self._tell(messages.Hush())

    def listened_to(self, is_heard: bool) -> None:
        self._tell(messages.Listening(is_heard))

    def gather(self, verb: Gather | None) -> None:
        self._tell(messages.Gathering(verb is not None and "speech" in verb.inputs))

    async def ring(self, dialled: Dialled) -> DialStatus:
        self._reaction = asyncio.get_running_loop().create_future()
        self._tell(messages.Ringing(dialled.numbers, dialled.caller_id))
        status: DialStatus | None = None
        try:
            status = await self._reaction
        finally:
            if status != "completed":
                self._tell(messages.Parted())
        return status

    async def talk(self) -> None:
        self._parting = asyncio.Event()
        self._tell(messages.Talking())
        try:
            await self._parting.wait()
        finally:
            self._tell(messages.Parted())
