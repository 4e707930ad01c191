"""What a call's processes tell each other through the channel layer."""

import asyncio
import logging

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer

from voiceproject.channel_layer import LAYER_ERRORS

logger = logging.getLogger(__name__)

STREAM_OPENED = "stream.opened"
STREAM_ENDED = "stream.ended"
CALL_ENDED = "call.ended"
CALL_WATCHED = "call.watched"
"""Somebody watches the call, and reads along what its caller is saying."""
STAFF_SPOKE = "staff.spoke"
"""A member of the staff has something said, which is on record: `turn_id`."""

ANNOUNCE_SECONDS = 1.0
"""How long a webhook may wait for the channel layer: Twilio waits for the webhook."""


def group_of(call_sid: str) -> str:
    """Return the name of the group which the media streams of a call belong to."""
    return f"call.{call_sid}"


async def announce(
    call_sid: str, kind: str, stream_id: int | None = None, *, turn_id: int | None = None
) -> None:
    """Tell every process that holds a stream of the call.

    The database says the same, so where the layer fails that is logged and no more.
    """
    layer = get_channel_layer()
    try:
        async with asyncio.timeout(ANNOUNCE_SECONDS):
            message = {"type": kind, "stream_id": stream_id, "turn_id": turn_id}
            await layer.group_send(group_of(call_sid), message)
    except LAYER_ERRORS as error:
        logger.warning("%s: %s was not announced: %s", call_sid, kind, type(error).__name__)


async def leave(group: str, channel: str) -> None:
    """Take a channel out of a group; a layer that cannot be reached forgets it in time."""
    layer = get_channel_layer()
    try:
        async with asyncio.timeout(ANNOUNCE_SECONDS):
            await layer.group_discard(group, channel)
    except LAYER_ERRORS as error:
        logger.warning("A channel was not taken out of its group: %s", type(error).__name__)


announce_from_thread = async_to_sync(announce)
