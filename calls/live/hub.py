"""Passes on, to the sockets of one process, what changes in the calls they show."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from channels.layers import get_channel_layer

from calls.groups import leave
from calls.live.changes import CHANGED, GROUP
from calls.live.interims import INTERIM
from calls.store.pool import Store
from voiceproject.channel_layer import LAYER_ERRORS

logger = logging.getLogger(__name__)

READ_THREADS = 2
"""Threads of one process that read for browsers; those of live calls are not kept waiting."""

JOIN_SECONDS = 2.0
"""How long a socket waits for the channel layer before it does without."""

AGAIN_SECONDS = 1.0
"""How long to wait before a channel layer is asked again that has failed."""


@dataclass(frozen=True, slots=True)
class Interim:
    """What a caller was saying at a moment, in seconds since the epoch."""

    text: str
    at: float


class Watcher:
    """What one socket has not looked at yet. `call_id` is the call that it shows; None: all."""

    def __init__(self, call_id: int | None) -> None:
        self.call_id = call_id
        self.interim: Interim | None = None
        self._changed: set[int] = set()
        self._is_all_changed = False
        self._news = asyncio.Event()

    async def news(self, seconds: float) -> None:
        """Wait until something has changed, or for so long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._news.wait()

    def take_changed(self) -> frozenset[int] | None:
        """Return the calls that have changed since it was asked last; None where any may have."""
        self._news.clear()
        changed = None if self._is_all_changed else frozenset(self._changed)
        self._changed.clear()
        self._is_all_changed = False
        return changed

    def take_interim(self) -> Interim | None:
        """Return the last interim since it was asked for last."""
        interim, self.interim = self.interim, None
        return interim

    def tell_changed(self, calls: set[int]) -> None:
        """Take note that these calls have changed."""
        if self.call_id is not None:
            calls = calls & {self.call_id}
        if calls:
            self._changed |= calls
            self._news.set()

    def tell_all_changed(self) -> None:
        """Take note that any call may have changed."""
        self._is_all_changed = True
        self._news.set()

    def tell_interim(self, interim: Interim) -> None:
        """Take note of what the caller is saying."""
        self.interim = interim
        self._news.set()


class Hub:
    """One for each event loop, made with the first socket; it listens while there is any."""

    _of_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()

    def __init__(self) -> None:
        self.store = Store(READ_THREADS)
        self._watchers: set[Watcher] = set()
        self._following: asyncio.Task[None] | None = None
        self._has_joined = asyncio.Event()

    @classmethod
    def current(cls) -> Hub:
        """Return the hub of the running event loop."""
        loop = asyncio.get_running_loop()
        if loop not in cls._of_loop:
            cls._of_loop[loop] = cls()
        return cls._of_loop[loop]

    @asynccontextmanager
    async def watching(self, call_id: int | None) -> AsyncIterator[Watcher]:
        """Give a watcher that misses nothing of what is announced while the block runs."""
        watcher = Watcher(call_id)
        self._watchers.add(watcher)
        if self._following is None or self._following.done():
            self._following = asyncio.create_task(self._follow(), name="live-follow")
        try:
            with suppress(TimeoutError):  # it is logged there, and the socket looks now and then
                async with asyncio.timeout(JOIN_SECONDS):
                    await self._has_joined.wait()
            yield watcher
        finally:
            self._watchers.discard(watcher)
            if not self._watchers and self._following is not None:
                self._following.cancel()
                self._following = None
                self._has_joined.clear()

    async def _follow(self) -> None:
        layer = get_channel_layer()
        while True:
            channel = None
            try:
                channel = await layer.new_channel()
                await layer.group_add(GROUP, channel)
                self._has_joined.set()
                for watcher in self._watchers:
                    watcher.tell_all_changed()
                while True:
                    self._pass_on(await layer.receive(channel))
            except LAYER_ERRORS:
                logger.exception("The channel layer failed; trying again")
                await asyncio.sleep(AGAIN_SECONDS)
            finally:
                if channel is not None:
                    await leave(GROUP, channel)

    def _pass_on(self, message: dict[str, Any]) -> None:
        match message:
            case {"type": str(kind), "calls": [*calls]} if kind == CHANGED:
                for watcher in self._watchers:
                    watcher.tell_changed(set(calls))
            case {
                "type": str(kind),
                "call_id": int(call_id),
                "text": str(text),
                "at": float(at),
            } if kind == INTERIM:
                for watcher in self._watchers:
                    if watcher.call_id == call_id:
                        watcher.tell_interim(Interim(text, at))
