"""Event loops come and go; the connections of each go with it."""

import asyncio

from chatbot.outside.client import post
from chatbot.outside.requests import OutsideRequest
from chatbot.outside.sessions import Sessions, SessionsByLoop
from tests.chatbot.http_server import HttpServer, as_json, serving


async def ask(server: HttpServer, sessions: SessionsByLoop) -> None:
    await post(OutsideRequest(server.url, {}, 5.0, may_be_private=True), sessions)


def test_sessions_keep_a_connection_for_the_next_turn() -> None:
    """Callers do not wait for a new connection with every turn."""

    async def ask_twice() -> None:
        sessions = SessionsByLoop()
        await ask(server, sessions)
        await ask(server, sessions)

    with serving(as_json({})) as server:
        asyncio.run(ask_twice())
    assert [request.connection for request in server.requests] == [1, 1]


def test_sessions_are_closed_with_their_loop() -> None:
    """What ends the loop ends its connections, without anybody's doing."""
    sessions = SessionsByLoop()

    async def get() -> Sessions:
        return await sessions.get()

    ended = asyncio.run(get())
    assert (ended.guarded.closed, ended.unguarded.closed) == (True, True)


def test_sessions_are_the_same_for_tasks_of_a_loop() -> None:
    """Two turns that come at once open one pair of sessions."""
    sessions = SessionsByLoop()

    async def get_twice() -> tuple[Sessions, Sessions]:
        return await asyncio.gather(sessions.get(), sessions.get())

    first, second = asyncio.run(get_twice())
    assert first is second


def test_sessions_of_a_new_loop_are_new() -> None:
    """Connections of a loop that has ended are of no use to another."""
    sessions = SessionsByLoop()
    with serving(as_json({})) as server:
        asyncio.run(ask(server, sessions))
        asyncio.run(ask(server, sessions))
    assert [request.connection for request in server.requests] == [1, 2]


def test_sessions_can_be_closed_before_their_loop() -> None:
    """For servers that end without closing their loop; a later turn opens new ones."""
    sessions = SessionsByLoop()

    async def close_and_go_on() -> tuple[Sessions, Sessions]:
        before = await sessions.get()
        await sessions.aclose()
        assert before.unguarded.closed
        return before, await sessions.get()

    before, after = asyncio.run(close_and_go_on())
    assert before is not after


def test_sessions_can_be_closed_where_none_are_open() -> None:
    """A server that never asked anybody ends like any other."""
    asyncio.run(SessionsByLoop().aclose())
