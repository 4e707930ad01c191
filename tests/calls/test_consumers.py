"""The consumer of a media socket, without a server; with one it is tried in whole calls."""

import asyncio
from types import SimpleNamespace

import pytest
from autobahn.exception import Disconnected

from calls import consumers
from calls.consumers import MediaStreamConsumer
from tests.calls.layer_faults import fail_first_channel
from tests.waiting import SOON
from voiceproject.asgi_types import Event


@pytest.mark.asyncio
@pytest.mark.parametrize("error", [Disconnected("closed"), OSError("closed")])
async def test_frame_for_a_socket_that_is_gone_is_dropped(error: Exception) -> None:
    """A caller who hangs up in mid-reply is no fault, and the reply goes on record."""

    async def send(event: Event) -> None:
        raise error

    consumer = MediaStreamConsumer()
    consumer.base_send = send
    await consumer._send_text("{}")


@pytest.mark.channel_layer
@pytest.mark.asyncio
async def test_session_joins_its_group_once_the_channel_layer_is_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Redis subscribes to a channel where it makes one, and may be down by then."""
    monkeypatch.setattr(consumers, "FOLLOW_AGAIN_SECONDS", 0.01)
    fail_first_channel(monkeypatch)
    has_joined = asyncio.Event()
    session = SimpleNamespace(catch_up=has_joined.set)
    opened = SimpleNamespace(call_sid="CA1", stream_id=1)
    following = asyncio.create_task(
        MediaStreamConsumer()._follow(session, opened)  # type: ignore[arg-type]
    )
    async with asyncio.timeout(SOON):
        await has_joined.wait()
    following.cancel()
    await asyncio.wait({following})
