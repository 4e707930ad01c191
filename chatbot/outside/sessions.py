"""The HTTP sessions of an event loop: their connections are kept open from turn to turn."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from typing import Final

import aiohttp
from aiohttp.abc import AbstractResolver

from chatbot.outside.guard import GuardedResolver
from chatbot.outside.names import SystemNames

KEEP_OPEN_SECONDS: Final = 15.0
"""How long a connection waits for the next turn; soon after, many servers would close it."""


class Sessions:
    """One session for guarded requests and one for those that may go to private addresses.

    They share no connection, or one that was opened to a private address could be taken for a
    request that may not go there. Make it inside a running event loop, and close it there.
    """

    def __init__(self, names: AbstractResolver) -> None:
        self.guarded = _session(GuardedResolver(names))
        self.unguarded = _session(names)

    async def aclose(self) -> None:
        """Close the connections."""
        await self.guarded.close()
        await self.unguarded.close()


def _session(names: AbstractResolver) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(
            resolver=names,
            # Checked addresses are used at once, or not at all.
            use_dns_cache=False,
            keepalive_timeout=KEEP_OPEN_SECONDS,
            # A call asks for one turn at a time, so there are no more than there are calls.
            limit=0,
        ),
        cookie_jar=aiohttp.DummyCookieJar(),
        # The deadline of the request covers all that these would.
        timeout=aiohttp.ClientTimeout(),
        # A small answer can unpack to a huge one.
        auto_decompress=False,
        trust_env=False,
    )


class SessionsByLoop:
    """Gives each event loop its own sessions, and closes them when the loop ends.

    A web server has one loop for as long as it runs; code without one gets a new loop for every
    call. What ends a loop properly, as `asyncio.run` and uvicorn do, first closes its
    asynchronous generators: so one generator holds the sessions of the loop. Under a server that
    does not, `aclose` must be awaited before the end.
    """

    def __init__(self, names: Callable[[], AbstractResolver] = SystemNames) -> None:
        self._names = names
        self._held: dict[
            asyncio.AbstractEventLoop, tuple[Sessions, AsyncGenerator[Sessions, None]]
        ] = {}

    async def get(self) -> Sessions:
        """Return the sessions of the running loop."""
        loop = asyncio.get_running_loop()
        if loop not in self._held:
            holder = self._hold(loop)
            # Nothing is awaited on the way to the generator's `yield`: two tasks that come here
            # at once get the same sessions.
            self._held[loop] = (await anext(holder), holder)
        return self._held[loop][0]

    async def aclose(self) -> None:
        """Close the sessions of the running loop; the next `get` opens new ones."""
        if held := self._held.get(asyncio.get_running_loop()):
            await held[1].aclose()

    async def _hold(self, loop: asyncio.AbstractEventLoop) -> AsyncGenerator[Sessions, None]:
        sessions = Sessions(self._names())
        try:
            yield sessions
        finally:
            self._held.pop(loop, None)
            await sessions.aclose()
