"""Who may use the phone's line, and what it takes."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from channels.db import database_sync_to_async
from channels.testing import WebsocketCommunicator
from django.contrib.auth.models import Permission, User
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.test import override_settings
from websockets.exceptions import ConnectionClosed, InvalidStatus

from calls.models import Call
from calls.phone import line
from chatbot.models import Bot
from tests.calls.by_phone.conftest import at_rest, recorded
from tests.calls.phone.conftest import session_of
from tests.calls.phone.page import Page, phone_page
from tests.calls.phone.servers import StartServer
from tests.calls.speech.spelling import spell
from tests.server import Server
from tests.waiting import SOON

pytestmark = [pytest.mark.asyncio, pytest.mark.django_db(transaction=True)]

FRAME = b"\xff" * 160


@database_sync_to_async
def staff(*permissions: str, is_staff: bool = True) -> str:
    """Make a user with these permissions, and sign him in."""
    user = User.objects.create_user("somebody", is_staff=is_staff)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return session_of(user)


async def refusal(server: Server, cookie: str, origin: str | None = None) -> int:
    """Give the HTTP status with which a phone is refused."""
    with pytest.raises(InvalidStatus) as refused:
        async with phone_page(server, cookie, origin=origin):
            pass
    return int(refused.value.response.status_code)


# --- Who ----------------------------------------------------------------------------------------


async def test_strangers_are_refused(bot: Bot, shared_server: Server) -> None:
    """Whoever is not signed in."""
    assert await refusal(shared_server, "sessionid=none") == 403


async def test_users_who_are_no_staff_are_refused(bot: Bot, shared_server: Server) -> None:
    """The admin is closed to them as well."""
    assert await refusal(shared_server, await staff("view_bot", is_staff=False)) == 403


async def test_staff_without_rights_is_refused(bot: Bot, shared_server: Server) -> None:
    """The phone is for those who work with bots or calls."""
    assert await refusal(shared_server, await staff()) == 403


async def test_pages_of_others_are_refused(bot: Bot, cookie: str, shared_server: Server) -> None:
    """The browser sends the cookie whoever opens the socket."""
    assert await refusal(shared_server, cookie, origin="https://example.com") == 403


async def test_phone_that_is_switched_off_refuses(
    bot: Bot, cookie: str, start_phone_server: StartServer
) -> None:
    """As it is in production unless an operator wants it."""
    assert await refusal(start_phone_server(PHONE="false"), cookie) == 403


async def test_bot_is_chosen_by_those_who_may_see_bots(bot: Bot, shared_server: Server) -> None:
    """Others get the one that the number has."""
    cookie = await staff("view_call")
    async with phone_page(shared_server, cookie) as page:
        await page.send(type="dial", bot=bot.pk)
        assert "may not see it" in (await page.next("failed"))["detail"]
        assert await page.closed() == 4403
    async with phone_page(shared_server, cookie) as page:
        await page.dial(bot=None)
        await page.send(type="hang-up")
        await page.closed()


async def test_bot_that_is_not_there_is_told(bot: Bot, cookie: str, shared_server: Server) -> None:
    """It may have been deleted since the page was loaded."""
    async with phone_page(shared_server, cookie) as page:
        await page.send(type="dial", bot=bot.pk + 1)
        await page.next("failed")
        assert await page.closed() == 4403


async def test_user_has_one_line(bot: Bot, cookie: str, shared_server: Server) -> None:
    """Whoever calls again has left the call before, and is told so there."""
    async with phone_page(shared_server, cookie) as before:
        await before.dial()
        async with phone_page(shared_server, cookie) as page:
            await page.dial()
            assert (await before.next("failed"))["detail"] == line.REPLACED
            assert await before.closed() == 4409
            await recorded(before.sid, lambda call: call.is_over)
            await page.say("goodbye")
            assert (await page.next("ended"))["reason"] == "the bot hung up"


async def test_process_serves_so_many_lines(
    cookie: str, shared_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is one too many is told that it is not his fault."""
    monkeypatch.setattr(line, "MAX_LINES", 0)
    async with own_line(shared_server, cookie) as socket:
        await socket.send_json_to({"type": "dial"})
        assert await socket.receive_json_from(SOON) == {"type": "failed", "detail": line.FULL}
        assert await socket.receive_output(SOON) == {"type": "websocket.close", "code": 4429}
    assert not await database_sync_to_async(Call.objects.exists)()


async def test_user_who_is_signed_out_calls_no_more(
    bot: Bot, cookie: str, shared_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is asked again while he calls."""
    monkeypatch.setattr(line, "CHECK_SECONDS", 0.1)
    async with own_line(shared_server, cookie) as socket:
        await socket.send_json_to({"type": "dial"})
        sid = (await message_of(socket, "placed"))["sid"]
        await recorded(sid, lambda call: not call.is_over)
        await database_sync_to_async(Session.objects.all().delete)()
        assert (await message_of(socket, "failed"))["detail"] == line.NO_MORE
        await recorded(sid, lambda call: call.is_over)


@asynccontextmanager
async def own_line(server: Server, cookie: str) -> AsyncIterator[WebsocketCommunicator]:
    """Open a line that this very process serves; the server takes its call."""
    key = cookie.removeprefix("sessionid=")
    socket = WebsocketCommunicator(line.phone_line, "/phone/line")
    user = await database_sync_to_async(User.objects.get)()
    socket.scope |= {"user": user, "session": SessionStore(key)}
    with override_settings(PHONE=True, PUBLIC_URL=server.url):
        await socket.connect(SOON)
        yield socket
        await socket.disconnect(timeout=SOON)
    await at_rest()


async def message_of(socket: WebsocketCommunicator, kind: str) -> dict[str, Any]:
    """Give the next message of a kind."""
    while True:
        message: dict[str, Any] = await socket.receive_json_from(SOON)
        if message["type"] == kind:
            return message


# --- What ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "no JSON",
        "[]",
        '{"type": "teleport"}',
        '{"type": "press", "key": "11"}',
        '{"type": "press", "key": "5", "more": 1}',
        '{"type": "words", "text": ""}',
        '{"type": "spoken", "id": -1}',
        json.dumps({"type": "words", "text": "x" * 5000}),
        b"",
        b"\xff" * 159,
        b"\xff" * 100_000,
    ],
)
async def test_junk_ends_the_line_and_is_told(
    bot: Bot, cookie: str, shared_server: Server, frame: str | bytes
) -> None:
    """No page of ours sends it."""
    async with phone_page(shared_server, cookie) as page:
        await page.socket.send(frame)
        assert (await page.next("failed"))["detail"]
        assert await page.closed() == 4400


async def test_junk_ends_the_call_as_well(bot: Bot, cookie: str, shared_server: Server) -> None:
    """The caller has hung up then; so does one who dials twice."""
    for frame in (b"\x80", '{"type": "dial"}'):
        async with phone_page(shared_server, cookie) as page:
            await page.dial()
            await page.socket.send(frame)
            await page.next("failed")
            assert await page.closed() == 4400
            await recorded(page.sid, lambda call: call.is_over)


@pytest.mark.parametrize(
    "first", ['{"type": "press", "key": "5"}', FRAME, '{"type": "dial", "number": "112"}']
)
async def test_line_begins_with_whom_it_calls(
    bot: Bot, cookie: str, shared_server: Server, first: str | bytes
) -> None:
    """There is no call before."""
    async with phone_page(shared_server, cookie) as page:
        await page.socket.send(first)
        await page.next("failed")
        assert await page.closed() == 4400
    assert not await database_sync_to_async(Call.objects.exists)()


async def test_flood_of_keys_ends_the_line(bot: Bot, cookie: str, shared_server: Server) -> None:
    """Nobody presses so fast, and what waits for a Gather would only grow."""
    async with phone_page(shared_server, cookie) as page:
        await page.dial()
        await flood(page, '{"type": "press", "key": "5"}', 500)
        assert await page.closed() == 4429
    assert "more than anybody can press" in page.of("failed")[0]["detail"]


async def test_flood_of_sound_is_dropped(bot: Bot, cookie: str, shared_server: Server) -> None:
    """A minute of sound at once is neither kept nor heard late: the call goes on."""
    async with phone_page(shared_server, cookie) as page:
        await page.dial()
        await page.listening()
        await flood(page, b"\x80" * 160, 3000)
        async with asyncio.timeout(SOON):
            await (await page.socket.ping())  # the server has taken all of it
        async with asyncio.timeout(SOON):
            while not page.of("ended"):  # it is heard once the second that is kept was heard
                await page.speak(spell("goodbye"))
        assert (await page.next("ended"))["reason"] == "the bot hung up"


async def flood(page: Page, frame: str | bytes, count: int) -> None:
    """Send as fast as it goes."""
    try:
        for _ in range(count):
            await page.socket.send(frame)
    except ConnectionClosed:
        return
