"""Says which calls have changed, to all processes that show calls, once it is committed.

Whoever writes of a call adds its id to a set, which takes microseconds; the event loop of the
process collects for a moment and sends one message for all. A process without an event loop, such
as a management command, says nothing: what it changes is seen when the sockets look again.
"""

import asyncio
import logging
from functools import partial
from threading import Lock

from channels.layers import get_channel_layer
from django.db import transaction

from calls.groups import ANNOUNCE_SECONDS
from voiceproject.asgi_types import Application, Event, Receive, Scope, Send
from voiceproject.channel_layer import LAYER_ERRORS

logger = logging.getLogger(__name__)

GROUP = "live"
"""The group which every process belongs to that shows calls."""

CHANGED = "live.changed"

COLLECT_SECONDS = 0.05
"""How long changes are collected before they are announced."""


def call_changed(call_id: int) -> None:
    """Announce that a call has changed, once the transaction is committed that changes it."""
    # Robust: a browser that is told late must not cost the caller his turn.
    transaction.on_commit(partial(announce, call_id), robust=True)


def announce(call_id: int) -> None:
    """Announce that a call has changed, which is committed. From any thread; never blocks."""
    if Announcer.current is not None:
        Announcer.current.add(call_id)


def announcing(application: Application) -> Application:
    """Have the changes announced in the event loop that serves an application."""

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()
        if Announcer.current is None or Announcer.current.loop is not loop:
            Announcer.current = Announcer(loop)
        await application(scope, receive, send)

    return served


class Announcer:
    """Collects the calls that change in one process, and announces them in its event loop."""

    current: "Announcer | None" = None

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self._lock = Lock()
        self._changed: set[int] = set()
        self._sending: set[asyncio.Task[None]] = set()

    def add(self, call_id: int) -> None:
        """Announce this call with the next message. From any thread."""
        with self._lock:
            is_first = not self._changed
            self._changed.add(call_id)
        if is_first and not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self.loop.call_later, COLLECT_SECONDS, self._send)

    def _send(self) -> None:
        with self._lock:
            changed, self._changed = self._changed, set()
        task = self.loop.create_task(send({"type": CHANGED, "calls": sorted(changed)}))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)


async def send(message: Event) -> None:
    """Tell all processes that show calls.

    The database says the same, and is looked at now and then, so where the layer fails that is
    logged and no more.
    """
    try:
        async with asyncio.timeout(ANNOUNCE_SECONDS):
            await get_channel_layer().group_send(GROUP, message)
    except LAYER_ERRORS as error:
        if not Outage.is_on:
            logger.warning(
                "Pages of running calls lag: %s in the channel layer", type(error).__name__
            )
        Outage.is_on = True
    else:
        Outage.is_on = False


class Outage:
    """Whether the channel layer of this process fails: that is logged once, not at each change."""

    is_on = False
