"""A product that is called: the server in a process of its own, Twilio played by the simulator."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from channels.db import database_sync_to_async
from django.conf import settings
from django.core.management import call_command

from calls.models import Call, Turn
from calls.simulator import Account, SimulatedCall, Twilio
from chatbot.models import Bot
from tests.server import Server, free_port

SPELLING = "tests.calls.speech.spelling.SpellingRecognizer"


@pytest.fixture
def bot(transactional_db: None) -> Bot:
    """The starter bot, committed: the server's process sees it."""
    call_command("create_starter_bot", verbosity=0)
    return Bot.objects.get()


class Phone:
    """A number that can be called: the product's server, and a Twilio that knows it."""

    def __init__(self, server: Server, api_port: int) -> None:
        self.server = server
        self.account = Account(settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN)
        self._api_port = api_port

    @asynccontextmanager
    async def twilio(
        self, *, say_speed: float = 400.0, pause_scale: float = 1.0
    ) -> AsyncIterator[Twilio]:
        """Run a Twilio that speaks fast, so that tests wait for few of its words."""
        async with Twilio(
            self.account, api_port=self._api_port, say_speed=say_speed, pause_scale=pause_scale
        ) as twilio:
            yield twilio

    async def ring(self, twilio: Twilio, number: str = "+31201234567") -> SimulatedCall:
        """Call the number; return when its first document is there."""
        return await twilio.dial(
            f"{self.server.url}/voice/stream",
            from_=number,
            to="+31207654321",
            status_callback=f"{self.server.url}/voice/status",
        )


@pytest.fixture
def make_phone(bot: Bot, tmp_path: Path) -> Iterator[Callable[..., Phone]]:
    """Make a phone whose server has the given settings in its environment."""
    servers: list[Server] = []

    def make(command: str = "daphne", **env: str) -> Phone:
        api_port = free_port()
        env = {"RECOGNIZER": SPELLING, "TWILIO_API_URL": f"http://127.0.0.1:{api_port}", **env}
        server = Server(free_port(), env, tmp_path / f"server-{len(servers)}.log", command)
        servers.append(server.start())
        return Phone(server, api_port)

    yield make
    for server in servers:
        server.kill()


@pytest.fixture
def phone(make_phone: Callable[..., Phone]) -> Phone:
    """A phone whose recognizer hears what is spelt."""
    return make_phone()


@database_sync_to_async
def transcript(sid: str) -> list[tuple[str, str]]:
    """Return who said what in a call, as far as it is on record."""
    turns = Turn.objects.filter(call__sid=sid).order_by("number")
    return list(turns.values_list("role", "text"))


async def recorded(sid: str, is_there: Callable[[Call], bool], within: float = 5.0) -> Call:
    """Wait until a call's record satisfies a condition; return it."""

    @database_sync_to_async
    def read() -> Call | None:
        call = Call.objects.filter(sid=sid).first()
        return call if call is not None and is_there(call) else None

    async with asyncio.timeout(within):
        # Another process writes it, so there is no event to wait for.
        while (call := await read()) is None:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    return call
