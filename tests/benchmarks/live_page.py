"""How soon what is said in a call is at the browsers that watch: from its record to the message.

    python -m tests.benchmarks.live_page [calls [rounds]]

It wants REDIS_URL, and takes the database of DATABASE_URL, else SQLite. Fifty calls at once are
held by one server process; another one, which is told of them through Redis, serves the browsers:
one for each call, and two for the list. Twilio and the callers are played by
the simulator in this process, as are the browsers. Both times are of the clock of the machine; a
turn is dated just before it is committed, so the figure is no shorter than from the commit. Target:
p95 under 200 ms.
"""

import asyncio
import os
import platform
import random
import re
import statistics
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

import msgspec
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from calls.simulator import SimulatedCall, Twilio
from tests.benchmarks.product import ACCOUNT, Product, twilio_at
from tests.benchmarks.turn_latency import place_calls
from tests.calls.speech.spelling import spell
from tests.server import Server, free_port

THINK_SECONDS = 4.0
"""How long callers think at the most before they speak."""

SIGN_IN = """
from django.contrib.auth.models import User
from django.test import Client
user, _ = User.objects.get_or_create(username="watcher", is_staff=True, is_superuser=True)
client = Client()
client.force_login(user)
print(client.cookies["sessionid"].value)
"""
CLEAR = "from calls.models import Call; Call.objects.all().delete()"

TURN = re.compile(r'<li class="turn [a-z]+" id="(turn-\d+)".*?datetime="([^"]+)"', re.DOTALL)
ROW = re.compile(r'id="(call-\d+)".*?datetime="([^"]+)"', re.DOTALL)


class Browser:
    """One socket; notes how many milliseconds after its date each turn came first."""

    def __init__(self, server: Server, path: str, session: str, shows: re.Pattern[str]) -> None:
        self._address = f"{server.url.replace('http', 'ws', 1)}{path}"
        self._headers = {"Cookie": f"sessionid={session}"}
        self._origin = server.url
        self._shows = shows
        self._seen: set[tuple[str, str]] = set()
        self.is_told = asyncio.Event()
        self.times: list[float] = []
        self._came = asyncio.Event()

    async def watch(self) -> None:
        """Take what comes until the task is cancelled."""
        try:
            async with connect(
                self._address,
                origin=self._origin,  # type: ignore[arg-type]
                additional_headers=self._headers,
                max_size=None,
            ) as socket:
                async for text in socket:
                    self._take(msgspec.json.decode(text), time.time())
        except ConnectionClosed as closed:
            raise RuntimeError(f"A browser lost its connection: {closed}") from closed

    def _take(self, message: dict[str, object], now: float) -> None:
        for html in message.get("put", ()):  # type: ignore[attr-defined]
            found = self._shows.search(html)
            if found is None or (found[1], found[2]) in self._seen:
                continue
            self._seen.add((found[1], found[2]))
            if not message.get("whole"):
                self.times.append((now - datetime.fromisoformat(found[2]).timestamp()) * 1000)
        self.is_told.set()
        self._came.set()

    async def has_come(self, turns: int) -> None:
        """Wait until so many turns came."""
        while len(self.times) < turns:
            self._came.clear()
            await self._came.wait()


async def converse(call: SimulatedCall, number: int, rounds: int) -> None:
    """Say something, hear the answer, and think, again and again."""
    lots = random.Random(number)
    for _ in range(rounds):
        await asyncio.sleep(lots.uniform(0, THINK_SECONDS))
        await call.say(spell("hello"))
        await call.next_said(30)


async def measure(
    holding: Server,
    serving: Server,
    api_port: int,
    session: str,
    calls: int,
    rounds: int,
) -> tuple[list[float], list[float]]:
    """Return the milliseconds of all turns at the pages of their calls, and at the lists."""
    async with Twilio(ACCOUNT, api_port=api_port, say_speed=1000) as twilio:
        placed = await place_calls(twilio, holding, calls)
        for call in placed:
            await call.next_said(30)
            await call.stream_open(30)
        pages = [Browser(serving, f"/live/calls/{call.sid}", session, TURN) for call in placed]
        lists = [Browser(serving, "/live/calls", session, ROW) for _ in range(2)]
        watching = [asyncio.create_task(browser.watch()) for browser in (*pages, *lists)]
        for browser in (*pages, *lists):
            await asyncio.wait_for(browser.is_told.wait(), 60)
        await asyncio.gather(
            *(converse(call, number, rounds) for number, call in enumerate(placed))
        )
        for browser in pages:
            await asyncio.wait_for(browser.has_come(rounds * 2), 60)
        for task in watching:
            if task.done():
                task.result()
            task.cancel()
        await asyncio.gather(*watching, return_exceptions=True)
        for call in placed:
            await call.hang_up()
    of_pages = [ms for browser in pages for ms in browser.times]
    return of_pages, [ms for browser in lists for ms in browser.times]


def run(calls: int, rounds: int) -> tuple[list[float], list[float]]:
    """Serve, call, watch, and return what `measure` does."""
    api_port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        product = Product(
            Path(folder),
            RECOGNIZER="tests.calls.speech.spelling.SpellingRecognizer",
            SYNTHESIZER="none",
            **twilio_at(api_port),
        )
        product.manage("migrate", "-v0")
        product.manage("create_starter_bot")
        product.shell(CLEAR)
        session = product.shell(SIGN_IN).strip()
        servers = [product.serve() for _ in range(2)]
        try:
            return asyncio.run(measure(*servers, api_port, session, calls, rounds))
        finally:
            for server in servers:
                server.stop()


def main() -> None:
    if not os.environ.get("REDIS_URL"):
        sys.exit("Two processes tell each other through Redis: set REDIS_URL.")
    calls = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}")
    for times, where in zip(run(calls, rounds), ("pages of calls", "lists"), strict=True):
        p95 = statistics.quantiles(times, n=20)[-1]
        print(
            f"{calls} calls, {len(times)} turns at the {where}: median "
            f"{statistics.median(times):.0f} ms, p95 {p95:.0f} ms, max {max(times):.0f} ms"
        )


if __name__ == "__main__":
    main()
