"""A product that is called: the server in a process of its own, Twilio played by the simulator."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress

import pytest
from channels.db import database_sync_to_async
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.models import Q

from calls.models import Call, Stream, Turn
from calls.simulator import Account, SimulatedCall, Twilio
from chatbot.models import Bot
from tests.server import Server, free_port
from tests.waiting import SOON

REST_SECONDS = 5.0
"""How long the server may take to put the end of its calls on record."""

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
        self.url = server.url
        """Where the number's webhooks are: at the server, or at what stands before it."""
        self.account = Account(settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN)
        self.api_url = f"http://127.0.0.1:{api_port}"
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
        await at_rest()

    async def ring(self, twilio: Twilio, number: str = "+31201234567") -> SimulatedCall:
        """Call the number; return when its first document is there."""
        return await twilio.dial(
            f"{self.url}/voice/stream",
            from_=number,
            to="+31207654321",
            status_callback=f"{self.url}/voice/status",
        )


def database_url(application_name: str = "server-under-test") -> str:
    """Return the DATABASE_URL of the database that this test run made.

    By the name PostgreSQL tells a server's connections from those of others.
    """
    row = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{row['NAME']}"
    credentials = f"{row['USER']}:{row['PASSWORD']}" if row["PASSWORD"] else row["USER"]
    address = f"{row['HOST']}:{row['PORT'] or 5432}/{row['NAME']}"
    return f"postgres://{credentials}@{address}?application_name={application_name}"


@pytest.fixture(scope="session")
def start_server(
    django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Phone]]:
    """Start servers, with the given settings in their environment, that end with the tests."""
    servers: list[Server] = []
    logs = tmp_path_factory.mktemp("servers")

    def start(command: str = "daphne", **env: str) -> Phone:
        api_port = free_port()
        env = {
            "SECRET_KEY": settings.SECRET_KEY,
            "TWILIO_ACCOUNT_SID": settings.TWILIO_ACCOUNT_SID,
            "TWILIO_AUTH_TOKEN": settings.TWILIO_AUTH_TOKEN,
            "TWILIO_API_URL": f"http://127.0.0.1:{api_port}",
            "DATABASE_URL": database_url(),
            "RECOGNIZER": SPELLING,
            **env,
        }
        server = Server(free_port(), env, logs / f"server-{len(servers)}.log", command)
        servers.append(server.start())
        return Phone(server, api_port)

    yield start
    for server in servers:
        server.kill()


@pytest.fixture(scope="session")
def shared_phone(start_server: Callable[..., Phone]) -> Phone:
    """One server for all tests that leave it as they found it."""
    return start_server()


@pytest.fixture
def phone(bot: Bot, shared_phone: Phone) -> Phone:
    """A number that the starter bot answers; its recognizer hears what is spelt."""
    return shared_phone


@pytest.fixture(scope="session")
def speaking_server(start_server: Callable[..., Phone]) -> Phone:
    """One server that can speak, for all tests that leave it as they found it."""
    return start_server(SYNTHESIZER="tests.calls.voice.spelling.SpellingSynthesizer")


@pytest.fixture
def own_phone(bot: Bot, start_server: Callable[..., Phone]) -> Iterator[Phone]:
    """A number whose server the test may kill."""
    phone = start_server()
    yield phone
    phone.server.kill()


@database_sync_to_async
def open_streams() -> int:
    """Return how many streams are open, as far as it is on record."""
    return Stream.objects.filter(opened_at__isnull=False, closed_at=None).count()


async def at_rest() -> None:
    """Let the server put the end of its calls on record, as far as it is there to do so.

    The test's tables are emptied next, which is not to happen in the middle of that.
    """

    @database_sync_to_async
    def runs() -> bool:
        # A session that ends notes how much audio there was, whoever noted before that it is over.
        not_over = Q(audio_bytes=0) | Q(closed_at=None)
        return Stream.objects.filter(not_over, opened_at__isnull=False).exists()

    with suppress(TimeoutError):
        async with asyncio.timeout(REST_SECONDS):
            # Another process does, so there is no event to wait for.
            while await runs():  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    # What it notes of the call comes right behind that.
    await asyncio.sleep(0.02)


@database_sync_to_async
def transcript(sid: str) -> list[tuple[str, str]]:
    """Return who said what in a call, as far as it is on record."""
    turns = Turn.objects.filter(call__sid=sid).order_by("number")
    return list(turns.values_list("role", "text"))


async def recorded(sid: str, is_there: Callable[[Call], bool], within: float = SOON) -> Call:
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


async def answered(phone: Phone, twilio: Twilio, number: str = "+31201234567") -> SimulatedCall:
    """Call the number; return when the greeting was spoken and the bot listens."""
    call = await phone.ring(twilio, number)
    with call.held_pauses():
        await call.next_said(SOON)
        await listening(call)
    return call


async def listening(call: SimulatedCall) -> None:
    """Wait until a stream is open, and the server has let it in."""
    await call.stream_open(SOON)
    await recorded(call.sid, lambda call: call.streams.filter(opened_at__isnull=False).exists())
