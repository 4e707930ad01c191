"""How soon the caller hears an answer of our own audio: from the final transcript to the frame.

    python -m tests.benchmarks.stream_latency [calls [rounds [daphne | uvicorn]]]

Fifty calls at once on one server process, line `stream`, replies that were rendered before. Google
is played by a gRPC server that knows when it sent each final transcript, Twilio by the simulator
that knows when the first frame of audio came; both run in this process, so both times are of one
clock. Target: p95 under 20 ms.

The second figure is the server's own: from the final transcript taken in to the frame written, as
it stands on the record of each turn.
"""

import asyncio
import os
import platform
import random
import statistics
import sys
import tempfile
from pathlib import Path

from calls.simulator import SimulatedCall, Twilio
from calls.simulator.stream_messages import Mark, Media
from tests.benchmarks.product import ACCOUNT, Product, google_at, twilio_at
from tests.benchmarks.turn_latency import TEACH, TimedEars, clip, place_calls
from tests.calls.speech.google_server import GoogleServer
from tests.server import Server, free_port

SYNTHESIZER = "tests.calls.voice.spelling.SpellingSynthesizer"
SERVER_CORE = 0
"""The server has a core of its own; whoever plays Twilio, Google and the callers has the others."""

STREAMING = """
from chatbot.models import Bot
bot = Bot.objects.get()
bot.line = "stream"
bot.save()
"""
ANSWER_MS = """
from calls.models import Turn
print(*Turn.objects.exclude(answer_ms=None).values_list("answer_ms", flat=True))
"""


async def converse(call: SimulatedCall, number: int, rounds: int) -> list[float]:
    """Return when the first frame of each answer came."""
    lots = random.Random(number)
    stream = await call.stream_open(20)
    came: list[float] = []
    position = await after_mark(stream, 0)
    for _ in range(rounds):
        # Callers think before they speak, each for a time of his own.
        await asyncio.sleep(lots.uniform(0, 2.0))
        await call.say(clip(number))
        received = await stream.message(position)
        if not isinstance(received.message, Media):
            raise TypeError(f"Caller {number} heard no answer.")
        came.append(received.at_monotonic)
        position = await after_mark(stream, position)
    await call.hang_up()
    return came


async def after_mark(stream: object, position: int) -> int:
    """Wait for the end of what is said; return the position of what comes after it."""
    while True:
        received = await stream.message(position)  # type: ignore[attr-defined]
        position += 1
        if isinstance(received.message, Mark):
            return position


async def measure(server: Server, ports: tuple[int, int], calls: int, rounds: int) -> list[float]:
    """Return the milliseconds of all turns."""
    api_port, google_port = ports
    ears = TimedEars({clip(number): f"i am caller {number}" for number in range(calls)})
    async with (
        GoogleServer(ears, google_port, max_concurrent_streams=1000),
        Twilio(ACCOUNT, api_port=api_port, say_speed=1000) as twilio,
    ):
        placed = await place_calls(twilio, server, calls)
        came = await asyncio.gather(
            *(converse(call, number, rounds) for number, call in enumerate(placed))
        )
        return [
            (frame - final) * 1000
            for number in range(calls)
            for final, frame in zip(
                ears.sent_at[f"i am caller {number}"], came[number], strict=True
            )
        ]


def run(calls: int, rounds: int, command: str) -> tuple[list[float], list[float]]:
    """Serve, call, and return the milliseconds of all turns, from outside and on record."""
    api_port, google_port = free_port(), free_port()
    with tempfile.TemporaryDirectory() as folder:
        product = Product(
            Path(folder), SYNTHESIZER=SYNTHESIZER, **twilio_at(api_port), **google_at(google_port)
        )
        product.manage("migrate", "-v0")
        product.manage("create_starter_bot")
        product.shell(TEACH.format(calls=calls))
        product.shell(STREAMING)
        server = product.serve(command, SERVER_CORE)
        try:
            seen = asyncio.run(measure(server, (api_port, google_port), calls, rounds))
        finally:
            server.stop()
        recorded = product.shell(ANSWER_MS).split()
        return seen, [float(ms) for ms in recorded]


def main() -> None:
    calls = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    command = sys.argv[3] if len(sys.argv) > 3 else "daphne"
    others = os.sched_getaffinity(0) - {SERVER_CORE}
    os.sched_setaffinity(0, others or {SERVER_CORE})
    machine = f"{os.cpu_count()} cores, {platform.machine()}"
    print(f"Python {platform.python_version()}, {machine}, {command}")
    seen, recorded = run(calls, rounds, command)
    for times, what in ((seen, "final sent to frame come"), (recorded, "on record")):
        p95 = statistics.quantiles(times, n=20)[-1]
        print(
            f"{calls} callers, {len(times)} turns, {what}: median "
            f"{statistics.median(times):.1f} ms, p95 {p95:.1f} ms, max {max(times):.1f} ms"
        )


if __name__ == "__main__":
    main()
