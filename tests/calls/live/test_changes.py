"""Which calls have changed, as other processes are told."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from threading import Thread
from typing import Any

import pytest
import pytest_asyncio
from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from django.db import transaction

from calls.live import changes
from tests.waiting import SOON

pytestmark = [pytest.mark.asyncio, pytest.mark.django_db(transaction=True)]

Event = dict[str, Any]


@pytest_asyncio.fixture
async def told(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Callable[[], Awaitable[Event]]]:
    """Serve with this event loop; return what waits for the next message of the group.

    The group is one of its own: servers of other tests may still announce in theirs.
    """
    monkeypatch.setattr(changes, "GROUP", "live-here")
    monkeypatch.setattr(changes.Announcer, "current", None)

    async def application(scope: Event, receive: Any, send: Any) -> None:
        """Serve nothing."""

    async def none(*message: object) -> Any:
        return None

    await changes.announcing(application)({}, none, none)
    layer = get_channel_layer()
    channel = await layer.new_channel()
    await layer.group_add(changes.GROUP, channel)

    async def next_message() -> Event:
        async with asyncio.timeout(SOON):
            message: Event = await layer.receive(channel)
        return message

    yield next_message
    await layer.group_discard(changes.GROUP, channel)
    await layer.flush()


async def test_change_is_announced_from_any_thread(told: Callable[[], Awaitable[Event]]) -> None:
    """Webhooks run in threads, and so does the store."""
    thread = Thread(target=changes.announce, args=(7,))
    thread.start()
    assert (await told())["calls"] == [7]
    thread.join()


async def test_changes_of_a_moment_are_one_message(told: Callable[[], Awaitable[Event]]) -> None:
    """Each call is in it once."""
    for call_id in (3, 1, 3, 2):
        changes.announce(call_id)
    assert (await told())["calls"] == [1, 2, 3]


async def test_change_is_announced_once_it_is_committed(
    told: Callable[[], Awaitable[Event]],
) -> None:
    """Whoever looks before finds nothing."""

    @database_sync_to_async
    def change() -> None:
        with transaction.atomic():
            changes.call_changed(1)
            changes.announce(2)
        changes.call_changed(3)

    await change()
    announced = set((await told())["calls"])
    while announced != {1, 2, 3}:
        announced |= set((await told())["calls"])


async def test_change_that_is_taken_back_is_not_announced(
    told: Callable[[], Awaitable[Event]],
) -> None:
    """Nothing has changed."""

    class TakenBackError(Exception):
        """Ends a transaction."""

    @database_sync_to_async
    def change() -> None:
        with suppress(TakenBackError), transaction.atomic():
            changes.call_changed(1)
            raise TakenBackError
        changes.call_changed(2)

    await change()
    assert (await told())["calls"] == [2]


async def test_process_without_an_event_loop_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A management command changes what it changes."""
    monkeypatch.setattr(changes.Announcer, "current", None)
    changes.announce(1)


async def test_channel_layer_that_fails_is_logged_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Not at every change; and again when it fails another time."""
    layer = get_channel_layer()
    monkeypatch.setattr(changes.Outage, "is_on", False)

    async def working(group: str, message: Event) -> None:
        return None

    async def failing(group: str, message: Event) -> None:
        raise OSError

    for _ in range(2):
        monkeypatch.setattr(layer, "group_send", failing)
        await changes.send({"type": changes.CHANGED, "calls": [1]})
        await changes.send({"type": changes.CHANGED, "calls": [1]})
        monkeypatch.setattr(layer, "group_send", working)
        await changes.send({"type": changes.CHANGED, "calls": [1]})
    assert caplog.text.count("Pages of running calls lag") == 2
