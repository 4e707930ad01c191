"""The WebSockets of running calls, in a loop of their own: the clock runs faster here."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest
import pytest_asyncio
from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from django.contrib.auth.models import Permission, User
from django.contrib.sessions.models import Session
from django.db import connections
from django.test import Client
from django.utils import timezone

from calls.live import sockets
from calls.live.changes import CHANGED, GROUP
from calls.live.hub import Hub
from calls.live.interims import INTERIM
from calls.models import Call, Turn
from tests.calls.recorded import NUMBER, record_call
from tests.chatbot.bots import create_bot, create_intent
from tests.waiting import SOON
from voiceproject.sockets import for_staff

pytestmark = [pytest.mark.asyncio, pytest.mark.django_db(transaction=True)]

Event = dict[str, Any]
VIEW = ["view_call"]
VIEW_ALL = ["view_call", "view_caller_number"]


@pytest_asyncio.fixture(autouse=True)
async def _surroundings(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """Have the clock run fast, and the connections closed of the loop's own store."""
    monkeypatch.setattr(sockets, "BEAT_SECONDS", 0.1)
    monkeypatch.setattr("calls.live.hub.READ_THREADS", 1)
    # One that is joined later has everything looked at once more.
    monkeypatch.setattr("calls.live.hub.JOIN_SECONDS", SOON)
    yield
    store = Hub.current().store
    await store.run(connections.close_all)
    store.close()


@pytest.fixture
def call(transactional_db: None) -> Call:
    """Return a call that runs."""
    bot = create_bot()
    create_intent(bot, "hours", "opening hours", reply="From nine to five.")
    record_call(bot, "opening hours")
    Call.objects.update(status="in-progress", ended_at=None)
    return Call.objects.get()


@database_sync_to_async
def session_of(permissions: list[str], *, is_staff: bool = True) -> str:
    """Return the session of somebody who has these permissions."""
    user = User.objects.create_user("somebody", is_staff=is_staff)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return str(client.cookies["sessionid"].value)


class Socket:
    """One connection, as a server hands it to the application."""

    def __init__(self) -> None:
        self.from_browser: asyncio.Queue[Event] = asyncio.Queue()
        self.to_browser: asyncio.Queue[Event] = asyncio.Queue()

    async def event(self) -> Event:
        """Wait for what the application sends."""
        async with asyncio.timeout(SOON):
            return await self.to_browser.get()

    async def message(self) -> Event:
        """Wait for what the browser is told."""
        while (event := await self.event())["type"] == "websocket.accept":
            pass
        assert event["type"] == "websocket.send", event
        decoded: Event = msgspec.json.decode(event["text"])
        return decoded

    async def closed(self) -> int | None:
        """Wait until the application closes; return the code, which a refusal has none of."""
        while (event := await self.event())["type"] != "websocket.close":
            pass
        code: int | None = event.get("code")
        return code

    async def until(self, is_it: Callable[[Event], bool]) -> Event:
        """Wait for a message that satisfies a condition."""
        while not is_it(message := await self.message()):
            pass
        return message


@asynccontextmanager
async def opened(
    session: str, sid: str | None = None, *, origin: bytes = b"https://bot.example"
) -> AsyncIterator[Socket]:
    """Open a WebSocket from a page, which is ours unless told otherwise, to one call or to all."""
    socket = Socket()
    scope = {
        "type": "websocket",
        "path": "/live/calls",
        "headers": [
            (b"host", b"bot.example"),
            (b"origin", origin),
            (b"cookie", f"sessionid={session}".encode()),
        ],
        "url_route": {"kwargs": {"sid": sid}},
    }
    watch = sockets.watch_calls if sid is None else sockets.watch_call
    application = for_staff(watch, refusal=sockets.NOT_ALLOWED)
    socket.from_browser.put_nowait({"type": "websocket.connect"})
    serving = asyncio.create_task(
        application(scope, socket.from_browser.get, socket.to_browser.put)  # type: ignore[arg-type]
    )
    try:
        yield socket
    finally:
        socket.from_browser.put_nowait({"type": "websocket.disconnect", "code": 1001})
        async with asyncio.timeout(SOON):
            await serving


async def tell(message: Event) -> None:
    """Tell the processes that show calls something."""
    await get_channel_layer().group_send(GROUP, message)


@database_sync_to_async
def add_turn(call: Call, text: str) -> None:
    """Record what nobody announces."""
    Turn.objects.create(call=call, number=call.turns.count() + 1, role="caller", text=text)
    Call.objects.update(turn_count=call.turns.count())


async def test_whoever_may_not_read_calls_is_refused(call: Call) -> None:
    """Also a member of the staff."""
    async with opened(await session_of([]), call.sid) as socket:
        assert await socket.closed() == sockets.NOT_ALLOWED


async def test_whoever_is_not_of_the_staff_is_refused(call: Call) -> None:
    """Also who has the permission."""
    async with opened(await session_of(VIEW, is_staff=False), call.sid) as socket:
        assert await socket.closed() == sockets.NOT_ALLOWED


async def test_page_of_somebody_else_is_told_nothing(call: Call) -> None:
    """The browser sends the cookie whoever opens the socket."""
    async with opened(await session_of(VIEW), call.sid, origin=b"https://evil.example") as socket:
        assert await socket.event() == {"type": "websocket.close"}


async def test_unknown_call_is_said_to_be(call: Call) -> None:
    """The browser tries again: it may be about to begin."""
    async with opened(await session_of(VIEW), "CA0") as socket:
        assert await socket.closed() == sockets.NO_SUCH_CALL


async def test_change_that_was_not_announced_is_seen(call: Call) -> None:
    """The channel layer may lose what it is told."""
    async with opened(await session_of(VIEW_ALL), call.sid) as socket:
        await socket.message()
        await add_turn(call, "hello there")
        message = await socket.until(lambda message: "put" in message)
        assert "hello there" in "".join(message["put"])


async def test_change_of_another_call_is_not_looked_at(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is nothing to this browser."""
    monkeypatch.setattr(sockets, "LOOK_EVERY", 1000)
    async with opened(await session_of(VIEW_ALL), call.sid) as socket:
        await socket.message()
        await add_turn(call, "hello there")
        await tell({"type": CHANGED, "calls": [call.pk + 1]})
        for _ in range(3):
            assert "put" not in await socket.message()
        await tell({"type": CHANGED, "calls": [call.pk]})
        assert await socket.until(lambda message: "put" in message)


async def test_browser_is_told_that_the_connection_lives(call: Call) -> None:
    """By a message without content, numbered as any."""
    async with opened(await session_of(VIEW), call.sid) as socket:
        await socket.message()
        assert await socket.message() == {"seq": 2}


async def test_whoever_signs_out_is_cut_off(call: Call) -> None:
    """Within some beats."""
    async with opened(await session_of(VIEW), call.sid) as socket:
        await socket.message()
        await database_sync_to_async(Session.objects.all().delete)()
        assert await socket.closed() == sockets.NOT_ALLOWED


async def test_whose_permission_is_taken_away_is_cut_off(call: Call) -> None:
    """At the list too."""
    async with opened(await session_of(VIEW)) as socket:
        await socket.message()

        @database_sync_to_async
        def take_away() -> None:
            User.objects.get().user_permissions.clear()

        await take_away()
        assert await socket.closed() == sockets.NOT_ALLOWED


async def test_whoever_may_see_less_is_told_the_whole_anew(call: Call) -> None:
    """Without the numbers that he saw before."""
    session = await session_of(VIEW_ALL)
    async with opened(session) as socket:
        assert NUMBER in "".join((await socket.message())["put"])

        @database_sync_to_async
        def take_away() -> None:
            user = User.objects.get()
            user.user_permissions.set(Permission.objects.filter(codename__in=VIEW))

        await take_away()
        message = await socket.until(lambda message: bool(message.get("whole")))
        assert NUMBER not in "".join(message["put"])


async def test_number_is_hidden_in_turns_and_interims(call: Call) -> None:
    """From those who may not see it, in full and in part."""
    async with opened(await session_of(VIEW), call.sid) as socket:
        await socket.message()
        await add_turn(call, f"call me at {NUMBER}")
        await tell({"type": CHANGED, "calls": [call.pk]})
        put = (await socket.until(lambda message: "put" in message))["put"]
        assert NUMBER not in "".join(put)
        assert "call me at [number]" in "".join(put)
        at = timezone.now().timestamp() + 1
        await tell({"type": INTERIM, "call_id": call.pk, "text": "it is 06 123", "at": at})
        message = await socket.until(lambda message: "interim" in message)
        assert message["interim"] == "it is [number]"


async def test_interim_goes_with_its_turn(call: Call) -> None:
    """In the message behind it."""
    async with opened(await session_of(VIEW_ALL), call.sid) as socket:
        await socket.message()
        at = timezone.now().timestamp()
        await tell({"type": INTERIM, "call_id": call.pk, "text": "hel", "at": at})
        await socket.until(lambda message: message.get("interim") == "hel")
        await add_turn(call, "hello")
        await tell({"type": CHANGED, "calls": [call.pk]})
        await socket.until(lambda message: "put" in message)
        assert (await socket.message())["interim"] == ""


async def test_interim_is_shown_where_it_is_said(call: Call) -> None:
    """Another call has other watchers."""
    async with opened(await session_of(VIEW_ALL), call.sid) as socket:
        await socket.message()
        at = timezone.now().timestamp()
        await tell({"type": INTERIM, "call_id": call.pk + 1, "text": "no", "at": at})
        await tell({"type": INTERIM, "call_id": call.pk, "text": "yes", "at": at})
        message = await socket.until(lambda message: "interim" in message)
        assert message["interim"] == "yes"


async def test_call_is_said_to_be_watched(call: Call) -> None:
    """To the process that holds it, which then sends what its caller is saying."""
    layer = get_channel_layer()
    channel = await layer.new_channel()
    await layer.group_add(f"call.{call.sid}", channel)
    async with opened(await session_of(VIEW), call.sid), asyncio.timeout(SOON):
        for _ in range(2):
            assert (await layer.receive(channel))["type"] == "call.watched"
    await layer.group_discard(f"call.{call.sid}", channel)


async def test_call_that_is_over_is_shown_a_while_longer(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its last changes come behind its end."""
    monkeypatch.setattr("calls.live.watches.LINGER_SECONDS", 0.3)
    async with opened(await session_of(VIEW), call.sid) as socket:
        await socket.message()
        await database_sync_to_async(Call.objects.update)(status="completed", outcome="caller")
        await tell({"type": CHANGED, "calls": [call.pk]})
        message = await socket.until(lambda message: "state" in message)
        assert message["state"]["ending"] == "the caller hung up"
        assert await socket.closed() == sockets.OVER


async def test_call_that_is_deleted_is_gone(call: Call) -> None:
    """Nothing is left to be shown."""
    async with opened(await session_of(VIEW), call.sid) as socket:
        await socket.message()
        await database_sync_to_async(Call.objects.all().delete)()
        assert await socket.closed() == sockets.NO_SUCH_CALL


async def test_list_counts_calls_that_come_and_go(call: Call) -> None:
    """Others that only change are counted as before."""
    async with opened(await session_of(VIEW_ALL)) as socket:
        assert (await socket.message())["state"]["words"] == "1 call is running."
        await add_turn(call, "hello there")
        await tell({"type": CHANGED, "calls": [call.pk]})
        assert "state" not in await socket.until(lambda message: "put" in message)
        await database_sync_to_async(Call.objects.update)(
            status="completed", ended_at=timezone.now()
        )
        await tell({"type": CHANGED, "calls": [call.pk]})
        message = await socket.until(lambda message: "gone" in message)
        assert message["gone"] == [f"call-{call.pk}"]
        assert message["state"]["words"] == "No calls are running."
