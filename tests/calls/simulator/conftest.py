"""A small server that the simulator is played against, over real sockets."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest_asyncio
from aiohttp import web

from calls.simulator import Account, SimulatedCall, Twilio
from tests.waiting import SOON

ACCOUNT = Account("AC" + "1" * 32, "12345")


class Server:
    """Answers webhooks with TwiML that the test sets, and takes media streams."""

    def __init__(self) -> None:
        self.twiml: dict[str, str] = {}
        """What each path answers, inside its Response element."""
        self.answers: dict[str, Callable[[], web.Response]] = {}
        """What each path answers instead, whole."""
        self.json: dict[str, Any] = {}
        """What each path answers as JSON."""
        self.posts: list[tuple[str, dict[str, str], dict[str, str]]] = []
        """Path, form and headers of each webhook request."""
        self.messages: list[Any] = []
        """What came over media sockets: JSON values, or what is no JSON."""
        self.handshakes: list[dict[str, str]] = []
        self.sockets: list[web.WebSocketResponse] = []
        self.closed = asyncio.Event()
        self.url = ""
        self.delay = 0.0
        """How many seconds each webhook takes."""
        self.cookie = ""
        """A cookie that each answer sets."""
        self._arrived = asyncio.Condition()
        app = web.Application()
        app.router.add_get("/media", self._media)
        app.router.add_route("*", "/{path:.*}", self._webhook)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)

    async def start(self) -> None:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        await self._runner.cleanup()

    async def posted(self, path: str, count: int = 1) -> list[dict[str, str]]:
        """Give the forms posted to a path when there are so many."""
        async with asyncio.timeout(SOON), self._arrived:
            await self._arrived.wait_for(lambda: len(self.forms(path)) >= count)
        return self.forms(path)

    def forms(self, path: str) -> list[dict[str, str]]:
        return [form for posted, form, _ in self.posts if posted == path]

    async def message(self, event: str, number: int = 1) -> Any:
        """Give the message of that event that came as number `number`, from 1."""
        async with asyncio.timeout(SOON), self._arrived:
            await self._arrived.wait_for(lambda: len(self.of(event)) >= number)
        return self.of(event)[number - 1]

    def frames(self) -> list[bytes]:
        """Give the sound of all media messages."""
        return [base64.b64decode(message["media"]["payload"]) for message in self.of("media")]

    async def heard(self, count: int) -> None:
        """Wait for so many frames that are not silent."""
        async with asyncio.timeout(SOON), self._arrived:
            await self._arrived.wait_for(
                lambda: sum(frame != b"\xff" * 160 for frame in self.frames()) >= count
            )

    def of(self, event: str) -> list[Any]:
        return [m for m in self.messages if isinstance(m, dict) and m.get("event") == event]

    async def _webhook(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        async with self._arrived:
            self.posts.append((request.path, form, dict(request.headers)))
            self._arrived.notify_all()
        await asyncio.sleep(self.delay)
        if request.path in self.answers:
            return self.answers[request.path]()
        if request.path in self.json:
            return web.json_response(self.json[request.path])
        twiml = self.twiml.get(request.path, "")
        response = web.Response(text=f"<Response>{twiml}</Response>", content_type="text/xml")
        if self.cookie:
            response.set_cookie("session", self.cookie)
        return response

    async def _media(self, request: web.Request) -> web.StreamResponse:
        self.handshakes.append(dict(request.headers))
        if "/media" in self.answers:
            return self.answers["/media"]()
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.sockets.append(socket)
        async for message in socket:
            async with self._arrived:
                self.messages.append(_read(message))
                self._arrived.notify_all()
        self.closed.set()
        return socket


def _read(message: aiohttp.WSMessage) -> Any:
    if message.type is not aiohttp.WSMsgType.TEXT:
        return message.data
    try:
        return json.loads(message.data)
    except ValueError:
        return message.data


@pytest_asyncio.fixture
async def server() -> AsyncIterator[Server]:
    server = Server()
    await server.start()
    yield server
    await server.stop()


@pytest_asyncio.fixture
async def twilio(server: Server) -> AsyncIterator[Twilio]:
    """A Twilio whose speech and pauses take hardly any time."""
    async with Twilio(ACCOUNT, say_speed=5000, pause_scale=0.02) as twilio:
        yield twilio


Dial = Callable[..., Awaitable[SimulatedCall]]


@pytest_asyncio.fixture
async def dial(server: Server, twilio: Twilio) -> Dial:
    """Calls the server at /voice."""

    async def place(**options: Any) -> SimulatedCall:
        return await twilio.dial(
            f"{server.url}/voice", from_="+31600000001", to="+31600000002", **options
        )

    return place
