"""What a call's processes tell each other through the channel layer."""

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer

STREAM_OPENED = "stream.opened"
STREAM_ENDED = "stream.ended"
CALL_ENDED = "call.ended"


def group_of(call_sid: str) -> str:
    """Return the name of the group which the media streams of a call belong to."""
    return f"call.{call_sid}"


def announce(call_sid: str, kind: str, stream_id: int | None = None) -> None:
    """Tell every process that holds a stream of the call; from a synchronous view."""
    layer = get_channel_layer()
    message = {"type": kind, "stream_id": stream_id}
    async_to_sync(layer.group_send)(group_of(call_sid), message)
