"""The page of the phone, played: what it sends, and what it is told."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, Self

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, ConnectionClosedOK

from calls.simulator import audio
from tests.calls.by_phone.conftest import at_rest
from tests.calls.speech.spelling import spell
from tests.deploy.nginx import Proxy
from tests.server import Server
from tests.waiting import SOON

NUMBER = "+31201234567"


class Page:
    """One phone whose socket is open. Reads all the time; says of each text that it is spoken."""

    def __init__(self, socket: ClientConnection, *, speaks: bool = True) -> None:
        self.socket = socket
        self.told: list[dict[str, Any]] = []
        """The messages that came, in their order."""
        self.heard = b""
        """The sound that came."""
        self.sid = ""
        self._speaks = speaks
        self._taken: dict[str, int] = {}
        self._changed = asyncio.Condition()
        self._reading = asyncio.create_task(self._read())

    async def dial(self, bot: int | None = None, number: str = NUMBER) -> Self:
        """Call the bot; return when the call has its SID."""
        await self.send(type="dial", bot=bot, number=number)
        self.sid = (await self.next("placed"))["sid"]
        return self

    async def send(self, **message: Any) -> None:
        """Send a message."""
        await self.socket.send(json.dumps(message))

    async def speak(self, clip: bytes, seconds_a_frame: float = audio.FRAME_SECONDS) -> None:
        """Speak a clip, frame by frame, as a microphone gives it.

        A bot that has heard enough may hang up before the clip is at its end.
        """
        clip = clip.ljust(-(-len(clip) // 160) * 160, audio.SILENCE)
        try:
            for at in range(0, len(clip), 160):
                await self.socket.send(clip[at : at + 160])
                await asyncio.sleep(seconds_a_frame)
        except ConnectionClosedOK:
            await self._reading  # what it said before is known by then

    async def say(self, text: str) -> None:
        """Say words that the spelling recognizer hears, once the bot listens."""
        await self.listening()
        await self.speak(spell(text))

    async def next(self, kind: str, within: float = SOON) -> dict[str, Any]:
        """Give the next message of a kind; each is given once, in order."""
        number = self._taken.get(kind, 0)
        self._taken[kind] = number + 1
        async with asyncio.timeout(within), self._changed:
            await self._changed.wait_for(lambda: len(self.of(kind)) > number)
        return self.of(kind)[number]

    async def listening(self) -> None:
        """Wait until the bot hears the caller."""
        async with asyncio.timeout(SOON), self._changed:
            await self._changed.wait_for(
                lambda: bool(states := self.of("listening")) and states[-1]["on"]
            )

    async def hears(self, text: str) -> None:
        """Wait for audio of our own that spells a text."""
        async with asyncio.timeout(SOON), self._changed:
            await self._changed.wait_for(lambda: text.encode() in self.heard)

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [message for message in self.told if message["type"] == kind]

    async def closed(self, within: float = SOON) -> int:
        """Wait for the end of the line; give its close code."""
        async with asyncio.timeout(within):
            await self._reading
        assert self.socket.close_code is not None
        return self.socket.close_code

    async def _read(self) -> None:
        try:
            async for frame in self.socket:
                await self._take(frame)
        except ConnectionClosed:
            return

    async def _take(self, frame: str | bytes) -> None:
        async with self._changed:
            if isinstance(frame, bytes):
                self.heard += frame
            else:
                self.told.append(json.loads(frame))
            self._changed.notify_all()
        if isinstance(frame, str) and self._speaks and self.told[-1]["type"] == "say":
            # The server may have closed the line already; what it said before is read all the same.
            with suppress(ConnectionClosed):
                await self.send(type="spoken", id=self.told[-1]["id"])


@asynccontextmanager
async def phone_page(
    server: Server | Proxy,
    cookie: str,
    *,
    origin: str | None = None,
    speaks: bool = True,
    trust: ssl.SSLContext | None = None,
) -> AsyncIterator[Page]:
    """Open the line of a phone; with its end the call is hung up."""
    address = server.url.replace("http", "ws", 1) + "/phone/line"
    async with connect(
        address, additional_headers={"Cookie": cookie}, origin=origin or server.url, ssl=trust
    ) as socket:
        yield Page(socket, speaks=speaks)
    await at_rest()
