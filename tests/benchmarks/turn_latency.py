"""How soon an answer is on its way to Twilio: from the final transcript to the REST request.

    python -m tests.benchmarks.turn_latency [calls [rounds]]

Thirty calls at once on one server process. Google is played by a gRPC server that knows when
it sent each final transcript, Twilio by the simulator that knows when each REST request
arrived; both run in this process, so both times are of one clock. Target: p95 under 30 ms.

Measured twice: with callers who speak when they like, and, as the worst case that can
be made, with all of them in the same moment, when the last waits for all before it.
"""

import asyncio
import os
import platform
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

from calls.simulator import SimulatedCall, Twilio
from tests.benchmarks.product import ACCOUNT, Product, google_at, twilio_at
from tests.calls.speech.google_server import GoogleServer, HearsClips, ServedStream
from tests.server import Server, free_port

TEACH = """
from chatbot.models import Bot, Intent, Keyword, Reply
for number in range({calls}):
    intent = Intent.objects.create(bot=Bot.objects.get(), name=f"caller {{number}}")
    Keyword.objects.create(intent=intent, text=f"i am caller {{number}}")
    Reply.objects.create(intent=intent, text=f"You are caller {{number}}.")
"""


def clip(number: int) -> bytes:
    """Return 400 ms of sound that is the caller's own, and 300 ms of silence."""
    mark = bytes([0x01 + number // 100, 0x05 + number % 100])
    return (mark * (8 * 200)).ljust(8 * 700, b"\xff")


class TimedEars(HearsClips):
    """Notes when each final transcript goes out, by its text."""

    def __init__(self, texts: dict[bytes, str]) -> None:
        super().__init__(texts)
        self.sent_at: dict[str, list[float]] = {}

    async def _answered(self, stream: ServedStream, sound: bytes, frames: int, end: int) -> bool:
        text = self.recognise(sound, frames) if sound else ""
        if text:
            self.sent_at.setdefault(text, []).append(time.monotonic())
        return await super()._answered(stream, sound, frames, end)


async def converse(call: SimulatedCall, number: int, rounds: int, think: float) -> None:
    lots = random.Random(number)
    await call.next_said(20)
    await call.stream_open(20)
    for _ in range(rounds):
        # Callers think before they speak, each for a time of his own.
        await asyncio.sleep(lots.uniform(0, think))
        await call.say(clip(number))
        said = await call.next_said(20)
        if said.text != f"You are caller {number}.":
            raise RuntimeError(f"Caller {number} heard an answer that is not his.")
    await call.hang_up()


async def place_calls(twilio: Twilio, server: Server, calls: int) -> list[SimulatedCall]:
    """Call the server so many times at once."""
    return await asyncio.gather(
        *(
            twilio.dial(f"{server.url}/voice/stream", from_=f"+3120{n:07}", to="+31207654321")
            for n in range(calls)
        )
    )


async def measure(
    server: Server,
    ports: tuple[int, int],
    calls: int,
    rounds: int,
    think: float,
) -> list[float]:
    """Return the milliseconds of all turns."""
    api_port, google_port = ports
    ears = TimedEars({clip(number): f"i am caller {number}" for number in range(calls)})
    async with (
        GoogleServer(ears, google_port, max_concurrent_streams=1000),
        Twilio(ACCOUNT, api_port=api_port, say_speed=1000) as twilio,
    ):
        placed = await place_calls(twilio, server, calls)
        await asyncio.gather(*(converse(call, n, rounds, think) for n, call in enumerate(placed)))
        times = []
        for number in range(calls):
            requests = [
                request
                for request in twilio.rest_requests
                if placed[number].sid in request.path and "Twiml" in request.form
            ]
            finals = ears.sent_at[f"i am caller {number}"]
            times += [
                (request.at_monotonic - final) * 1000
                for final, request in zip(finals, requests, strict=True)
            ]
        return times


def run(calls: int, rounds: int, think: float) -> list[float]:
    """Serve, call, and return the milliseconds of all turns."""
    api_port, google_port = free_port(), free_port()
    with tempfile.TemporaryDirectory() as folder:
        product = Product(Path(folder), **twilio_at(api_port), **google_at(google_port))
        product.manage("migrate", "-v0")
        product.manage("create_starter_bot")
        product.shell(TEACH.format(calls=calls))
        server = product.serve()
        try:
            return asyncio.run(measure(server, (api_port, google_port), calls, rounds, think))
        finally:
            server.stop()


def main() -> None:
    calls = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 10
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}")
    for think, manner in ((2.0, "each in his own time"), (0.0, "all in the same moment")):
        times = run(calls, rounds, think)
        p95 = statistics.quantiles(times, n=20)[-1]
        print(
            f"{calls} callers who speak {manner}, {len(times)} turns, each answered to its own "
            f"caller: median {statistics.median(times):.1f} ms, p95 {p95:.1f} ms, "
            f"max {max(times):.1f} ms"
        )


if __name__ == "__main__":
    main()
