"""The end of a server process: its calls are handed over to the next."""

import asyncio
import sys
from typing import Any

from calls.phone import line
from calls.switchboard import Switchboard
from chatbot import outside
from voiceproject.asgi_types import Receive, Scope, Send


async def lifespan(scope: Scope, receive: Receive, send: Send) -> None:
    """Serve ASGI's lifespan protocol, by which uvicorn and its like tell that they stop."""
    while (await receive())["type"] == "lifespan.startup":
        await send({"type": "lifespan.startup.complete"})
    await _shut_down()
    await send({"type": "lifespan.shutdown.complete"})


async def _shut_down() -> None:
    await line.shut_down()
    await Switchboard.shut_down()
    await outside.aclose()


def hand_over_when_daphne_stops() -> None:
    """Do the same under Daphne, which has no lifespan but runs on Twisted's reactor.

    Daphne's own shutdown cancels its applications without waiting for what they still do.
    """
    reactor: Any = sys.modules.get("twisted.internet.reactor")
    if reactor is None:
        return
    from twisted.internet.defer import Deferred

    def shut_down() -> Any:
        return Deferred.fromFuture(asyncio.ensure_future(_shut_down()))

    reactor.addSystemEventTrigger("before", "shutdown", shut_down)
