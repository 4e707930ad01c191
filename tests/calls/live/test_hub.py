"""What the sockets of one process are told of changes."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from channels.layers import get_channel_layer

from calls.live import hub as hubs
from calls.live.changes import CHANGED
from calls.live.hub import Hub, Interim, Watcher
from calls.live.interims import INTERIM
from tests.calls.layer_faults import fail_first_channel
from tests.waiting import SOON

pytestmark = [pytest.mark.asyncio, pytest.mark.channel_layer]

GROUP = "live-here"
"""One of its own: servers of other tests may still announce in theirs."""


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    monkeypatch.setattr(hubs, "AGAIN_SECONDS", 0.01)
    monkeypatch.setattr(hubs, "GROUP", GROUP)
    hub = Hub()
    yield hub
    hub.store.close()


async def news(watcher: Watcher) -> frozenset[int] | None:
    await watcher.news(SOON)
    return watcher.take_changed()


async def joined(watcher: Watcher) -> None:
    """Pass over that all may have changed before the hub listened."""
    assert await news(watcher) is None


async def changed(*calls: int) -> None:
    await get_channel_layer().group_send(GROUP, {"type": CHANGED, "calls": list(calls)})


async def test_watcher_is_told_of_its_call_only(hub: Hub) -> None:
    """Who watches all is told of all."""
    async with hub.watching(1) as one, hub.watching(None) as every:
        await joined(one)
        every.take_changed()
        await changed(2)
        await changed(1)
        assert await news(one) == {1}
        assert await news(every) == {1, 2}


async def test_changes_add_up_until_they_are_taken(hub: Hub) -> None:
    """Each is then taken once."""
    watcher = Watcher(None)
    watcher.tell_changed({1})
    watcher.tell_changed({2, 1})
    assert watcher.take_changed() == {1, 2}
    assert watcher.take_changed() == frozenset()


async def test_waiting_ends_without_news_too(hub: Hub) -> None:
    """So that whoever waits can say that he lives."""
    watcher = Watcher(None)
    await watcher.news(0.01)
    assert watcher.take_changed() == frozenset()


async def test_interim_goes_to_those_who_watch_its_call(hub: Hub) -> None:
    """The last one is enough."""
    async with hub.watching(1) as one, hub.watching(2) as other:
        await joined(one)
        for text in ("hel", "hello"):
            message = {"type": INTERIM, "call_id": 1, "text": text, "at": 1.0}
            await get_channel_layer().group_send(GROUP, message)
        await changed(2)
        assert await news(one) == frozenset()
        other.take_changed()
        await changed(2)
        assert await news(other) == {2}
        assert one.take_interim() == Interim("hello", 1.0)
        assert other.take_interim() is None


async def test_channel_layer_that_failed_is_joined_again(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """What was announced meanwhile is lost, so all may have changed."""
    layer = get_channel_layer()
    receive, has_failed = layer.receive, asyncio.Event()

    async def failing(channel: str) -> object:
        if not has_failed.is_set():
            has_failed.set()
            raise OSError
        return await receive(channel)

    monkeypatch.setattr(layer, "receive", failing)
    async with hub.watching(1) as watcher:
        await joined(watcher)
        assert await news(watcher) is None
        await changed(1)
        assert await news(watcher) == {1}
    assert "The channel layer failed" in caplog.text


async def test_channel_layer_that_is_down_at_first_is_joined_later(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Redis subscribes to a channel where it makes one, and may be down by then."""
    fail_first_channel(monkeypatch)
    async with hub.watching(1) as watcher:
        await joined(watcher)
        await changed(1)
        assert await news(watcher) == {1}
    assert "The channel layer failed" in caplog.text


async def test_hub_that_broke_begins_anew_with_the_next_socket(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the first is still open."""
    monkeypatch.setattr(hubs, "JOIN_SECONDS", 0.01)
    layer = get_channel_layer()

    async def broken() -> object:
        raise LookupError

    with monkeypatch.context() as patched:
        patched.setattr(layer, "new_channel", broken)
        first = hub.watching(1)
        watcher = await first.__aenter__()
        assert hub._following is not None
        with pytest.raises(LookupError):
            await hub._following
    async with hub.watching(2):
        await joined(watcher)
    await first.__aexit__(None, None, None)


async def test_hub_that_listens_for_days_is_told_all_the_same(hub: Hub, settings: Any) -> None:
    """The channel layer in memory would forget it after one, if it were let."""
    settings.CHANNEL_LAYERS = {"default": settings.IN_MEMORY_LAYER}
    layer = get_channel_layer()
    async with hub.watching(1) as watcher:
        await joined(watcher)
        for channel in layer.groups[GROUP]:
            layer.groups[GROUP][channel] -= timedelta(days=30).total_seconds()
        await changed(1)
        assert await news(watcher) == {1}


async def test_hub_listens_only_while_somebody_watches(hub: Hub) -> None:
    """And again, when somebody comes back."""
    for _ in range(2):
        async with hub.watching(1) as watcher:
            await joined(watcher)
            await changed(1)
            assert await news(watcher) == {1}
        assert hub._following is None
