"""The consumer of a media socket, without a server; with one it is tried in whole calls."""

import pytest
from autobahn.exception import Disconnected

from calls.consumers import Event, MediaStreamConsumer


@pytest.mark.asyncio
@pytest.mark.parametrize("error", [Disconnected("closed"), OSError("closed")])
async def test_frame_for_a_socket_that_is_gone_is_dropped(error: Exception) -> None:
    """A caller who hangs up in mid-reply is no fault, and the reply goes on record."""

    async def send(event: Event) -> None:
        raise error

    consumer = MediaStreamConsumer()
    consumer.base_send = send
    await consumer._send_text("{}")
