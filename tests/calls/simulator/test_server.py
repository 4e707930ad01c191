"""Finding the server to call."""

from functools import partial

import pytest
from aiohttp import web

from calls.simulator.options import Options
from calls.simulator.server import ServerError, running_server
from tests.calls.simulator.conftest import ACCOUNT, Server


def options(url: str) -> Options:
    return Options(url, ACCOUNT, 0, ())


@pytest.mark.asyncio
async def test_running_server_is_used(server: Server) -> None:
    """Nothing is started where a server answers."""
    told: list[str] = []
    async with running_server(options(server.url), told.append):
        assert server.posts[0][0] == "/healthz"
    assert told == []


@pytest.mark.asyncio
async def test_unwell_server_is_told(server: Server) -> None:
    """Another HTTP status than 200 is no server of ours."""
    server.answers["/healthz"] = partial(web.Response, status=503)
    with pytest.raises(ServerError, match="503"):
        async with running_server(options(server.url), print):
            pass


@pytest.mark.asyncio
async def test_server_elsewhere_is_not_started() -> None:
    """Only an address of this machine can be served from here."""
    with pytest.raises(ServerError, match="Start the server"):
        async with running_server(options("https://127.0.0.1:1"), print):
            pass
