"""A WebSocket as a browser opens it that shows running calls."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import msgspec
from channels.db import database_sync_to_async
from django.contrib.auth.models import User
from django.test import Client
from websockets.asyncio.client import ClientConnection, connect

from tests.waiting import SOON

Message = dict[str, Any]


class BrowserSocket:
    """What one browser has been told. `shown` is what it shows: HTML by the id of the element."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self.messages: list[Message] = []
        self.shown: dict[str, str] = {}
        self.state: dict[str, Any] = {}
        self.interim = ""

    async def next(self) -> Message:
        """Wait for the next message; return it."""
        async with asyncio.timeout(SOON):
            message: Message = msgspec.json.decode(await self._connection.recv())
        assert message["seq"] == len(self.messages) + 1
        self.messages.append(message)
        self._show(message)
        return message

    async def until(self, is_so: Callable[["BrowserSocket"], bool]) -> None:
        """Wait until a browser that is told this shows something."""
        while not is_so(self):
            await self.next()

    def _show(self, message: Message) -> None:
        if message.get("whole"):
            self.shown = {}
        for html in message.get("put", ()):
            self.shown[html.split('id="', 1)[1].split('"', 1)[0]] = html
        for key in message.get("gone", ()):
            del self.shown[key]
        self.state = message.get("state", self.state)
        self.interim = message.get("interim", self.interim)


@database_sync_to_async
def signed_in(user: User) -> str:
    """Return the key of a session in which a user is signed in."""
    client = Client()
    client.force_login(user)
    return str(client.cookies["sessionid"].value)


@asynccontextmanager
async def browser_socket(
    url: str,
    path: str,
    session: str = "",
    origin: str | None = None,
    trust: ssl.SSLContext | None = None,
) -> AsyncIterator[BrowserSocket]:
    """Open a WebSocket of a server from one of its pages, or from `origin`."""
    address = f"{url.replace('http', 'ws', 1)}{path}"
    headers = {"Cookie": f"sessionid={session}"} if session else {}
    async with connect(
        address,
        origin=url if origin is None else origin,  # type: ignore[arg-type]
        additional_headers=headers,
        ssl=trust,
    ) as connection:
        yield BrowserSocket(connection)
