"""The WebSockets of the pages that show running calls. Behind `voiceproject.sockets.for_staff`.

What a browser is sent is a `calls.live.feed.Message` as JSON; it has nothing to say.
"""

import asyncio
import logging
import time
from collections.abc import Iterable
from contextlib import suppress

from django.db import Error as DatabaseError

from calls import groups
from calls.live.feed import Message
from calls.live.hub import Hub, Watcher
from calls.live.moments import call_id_of
from calls.live.viewers import Viewer, viewer_read
from calls.live.watches import CallGone, CallsWatch, CallWatch, Watch
from voiceproject.asgi_types import Receive, Scope, Send
from voiceproject.sockets import SOCKET_GONE, refuse

logger = logging.getLogger(__name__)

BEAT_SECONDS = 5.0
"""How often a browser is told something at least; one that hears nothing for longer reconnects."""

LOOK_EVERY = 2
"""After so many beats the database is looked at, whatever was announced: that may be lost."""

CHECK_EVERY = 3
"""After so many beats it is asked again who watches, and what he may see."""

PAUSE_SECONDS = 0.03
"""How long after one look at the database the next one is taken, at least."""

# Close codes: ours from the range that RFC 6455 leaves to applications.
NOT_ALLOWED = 4403
NO_SUCH_CALL = 4404
OVER = 4410
INTERNAL = 4500


class BrowserGone(Exception):
    """The socket is closed already."""


class Closed(Exception):
    """The socket is to be closed, with a code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


async def watch_calls(scope: Scope, receive: Receive, send: Send) -> None:
    """Serve the list of running calls."""
    await LiveSocket(scope, receive, send, sid=None).serve()


async def watch_call(scope: Scope, receive: Receive, send: Send) -> None:
    """Serve one call, by its SID."""
    await LiveSocket(scope, receive, send, sid=scope["url_route"]["kwargs"]["sid"]).serve()


class LiveSocket:
    """One browser that watches one call, or all where `sid` is None."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, *, sid: str | None) -> None:
        self._session_key = str(scope["session"].session_key)
        self._receive = receive
        self._send = send
        self._sid = sid
        self._hub = Hub.current()

    async def serve(self) -> None:
        """Tell the browser what is new until it leaves, or may see it no more."""
        await self._receive()  # that it wants to connect
        viewer = await self._hub.store.run(viewer_read, self._session_key)
        if viewer is None:
            await refuse(self._send, NOT_ALLOWED)
            return
        await self._send({"type": "websocket.accept"})
        telling = asyncio.create_task(self._tell(viewer), name="live-tell")
        leaving = asyncio.create_task(self._until_it_leaves(), name="live-leave")
        try:
            await asyncio.wait({telling, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            leaving.cancel()
            telling.cancel()
            await asyncio.wait({telling, leaving})
        if not telling.cancelled():
            await self._close(telling)

    async def _close(self, telling: asyncio.Task[None]) -> None:
        """Close the socket for the reason for which no more is told."""
        error = telling.exception()
        if isinstance(error, BrowserGone):
            return
        code = error.code if isinstance(error, Closed) else INTERNAL
        if not isinstance(error, Closed):
            logger.error("A socket that shows running calls broke", exc_info=error)
        with suppress(*SOCKET_GONE):
            await self._send({"type": "websocket.close", "code": code})

    async def _until_it_leaves(self) -> None:
        while (await self._receive())["type"] != "websocket.disconnect":
            pass

    async def _tell(self, viewer: Viewer) -> None:
        """Tell what is new. Raises Closed in the end, or BrowserGone."""
        try:
            watch, call_id = await self._watch(viewer)
            async with self._hub.watching(call_id) as watcher:
                await self._go_on(watch, watcher)
        except CallGone:
            raise Closed(NO_SUCH_CALL) from None
        except DatabaseError as error:
            logger.warning("Running calls could not be read: %s", type(error).__name__)
            raise Closed(INTERNAL) from error

    async def _watch(self, viewer: Viewer) -> tuple[Watch, int | None]:
        if self._sid is None:
            return CallsWatch(viewer), None
        call_id = await self._hub.store.run(call_id_of, self._sid)
        if call_id is None:
            raise Closed(NO_SUCH_CALL)
        return CallWatch(viewer, call_id), call_id

    async def _go_on(self, watch: Watch, watcher: Watcher) -> None:
        run = self._hub.store.run
        watcher.take_changed()
        await self._say_watched()
        await self._put(await run(watch.whole))
        beats, beat_at = 0, time.monotonic() + BEAT_SECONDS
        while not watch.is_done(time.time()):
            await watcher.news(beat_at - time.monotonic())
            interim, changed = watcher.take_interim(), watcher.take_changed()
            messages = [] if interim is None else watch.heard(interim)
            is_beat = time.monotonic() >= beat_at
            if is_beat:
                beats, beat_at = beats + 1, time.monotonic() + BEAT_SECONDS
                await self._say_watched()
                if beats % CHECK_EVERY == 0:
                    messages += await self._check(watch)
                if beats % LOOK_EVERY == 0:
                    changed = None
            if changed is None or changed:
                messages += await run(watch.look, changed)
            messages += watch.pass_time(time.time())
            await self._put(messages or ([watch.alive()] if is_beat else []))
            if changed:
                await asyncio.sleep(PAUSE_SECONDS)
        raise Closed(OVER)

    async def _check(self, watch: Watch) -> list[Message]:
        """Ask again who watches; return what that changes. Raises Closed where it is nobody."""
        viewer = await self._hub.store.run(viewer_read, self._session_key)
        if viewer is None:
            raise Closed(NOT_ALLOWED)
        return await self._hub.store.run(watch.watch_as, viewer)

    async def _say_watched(self) -> None:
        """Have the process that holds the call send what its caller is saying."""
        if self._sid is not None:
            await groups.announce(self._sid, groups.CALL_WATCHED)

    async def _put(self, messages: Iterable[Message]) -> None:
        for message in messages:
            try:
                await self._send({"type": "websocket.send", "text": message.to_json()})
            except SOCKET_GONE as error:
                raise BrowserGone from error
