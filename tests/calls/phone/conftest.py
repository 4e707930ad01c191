"""A server whose phone is switched on, and a page that is played over a real socket."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client

from chatbot.models import Bot
from tests.calls.phone.servers import StartServer, phone_servers
from tests.server import Server


@pytest.fixture
def bot(transactional_db: None) -> Bot:
    """The starter bot, committed: the server's process sees it."""
    call_command("create_starter_bot", verbosity=0)
    return Bot.objects.get()


@pytest.fixture
def cookie(transactional_db: None) -> str:
    """The session of a superuser, as the browser sends it."""
    return session_of(User.objects.create_superuser("root"))


def session_of(user: User) -> str:
    """Sign somebody in; return the header by which his browser says so."""
    client = Client()
    client.force_login(user)
    return f"sessionid={client.cookies['sessionid'].value}"


@pytest.fixture(scope="session")
def start_phone_server(
    django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[StartServer]:
    """Start servers, with the given settings in their environment, that end with the tests."""
    with phone_servers(tmp_path_factory.mktemp("phone-servers")) as start:
        yield start


@pytest.fixture(scope="session")
def shared_server(start_phone_server: StartServer) -> Server:
    """One server for all tests that leave it as they found it."""
    return start_phone_server()


@pytest.fixture
def own_server(bot: Bot, start_phone_server: StartServer) -> Iterator[Server]:
    """A server that the test may end."""
    server = start_phone_server()
    yield server
    server.kill()
