"""What a second of a call costs the server that takes its audio in.

    python -m tests.benchmarks.media_path [calls [seconds]]

Starts the server on one core, once on Daphne and once on uvicorn with the same ASGI
application, a recognizer that only counts bytes, and a database of its own; places the
calls from another core at 50 frames a second each; reads the CPU time of the server's
process, user and system, from the kernel. Every byte sent must be on the streams' record.
Targets for 100 calls: 9 ms on Daphne, 6 ms on uvicorn.
"""

import asyncio
import os
import platform
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from calls.simulator import Account, Twilio
from tests.server import ROOT, Server, free_port

TARGET_MS = {"daphne": 9.0, "uvicorn": 6.0}
# Nobody says a word, and no call may end for that.
PATIENT = "from chatbot.models import Bot; Bot.objects.update(silence_seconds=60)"
SERVER_CORE, CALLER_CORE = 0, 1
SETTLE_SECONDS = 2.0


def cpu_seconds(pid: int) -> float:
    """Return the CPU time that a process has used, user and system."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def measure(
    server: Server, account: Account, api_port: int, calls: int, seconds: float
) -> tuple[float, int]:
    """Place the calls; return CPU milliseconds per second of one call, and the bytes sent."""
    async with Twilio(account, api_port=api_port, say_speed=1000) as twilio:
        placed = [
            await twilio.dial(f"{server.url}/voice/stream", from_=f"+3120{n:07}", to="+31207654321")
            for n in range(calls)
        ]
        streams = [await call.stream_open(20) for call in placed]
        await asyncio.sleep(SETTLE_SECONDS)
        frames, cpu = sum(stream.ticks for stream in streams), cpu_seconds(server.pid)
        begun = time.monotonic()
        await asyncio.sleep(seconds)
        used, lasted = cpu_seconds(server.pid) - cpu, time.monotonic() - begun
        sent = sum(stream.ticks for stream in streams) - frames
        print(
            f"  {sent / calls / lasted:.1f} frames a second and call reached the server, "
            f"its core was {used / lasted:.0%} busy"
        )
        await asyncio.gather(*(call.hang_up() for call in placed))
    # Of the frames sent, not of the clock: a caller that cannot keep up must not flatter.
    return used / (sent / 50) * 1000, sum(stream.ticks for stream in streams) * 160


def recorded_bytes(database: Path) -> int:
    with sqlite3.connect(database) as connection:
        return int(connection.execute("select sum(audio_bytes) from calls_stream").fetchone()[0])


def run(command: str, calls: int, seconds: float) -> None:
    account = Account("AC" + "0" * 32, "benchmark")
    api_port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "benchmark.sqlite3"
        env = {
            "SECRET_KEY": "benchmark-only-" + "0" * 32,
            "DATABASE_URL": f"sqlite:///{database}",
            "REDIS_URL": "",
            "LOG_LEVEL": "WARNING",
            "TWILIO_ACCOUNT_SID": account.sid,
            "TWILIO_AUTH_TOKEN": account.auth_token,
            "TWILIO_API_URL": f"http://127.0.0.1:{api_port}",
            "RECOGNIZER": "tests.benchmarks.counting.CountingRecognizer",
        }
        for task in (["migrate", "-v0"], ["create_starter_bot"], ["shell", "-v0", "-c", PATIENT]):
            subprocess.run(
                [sys.executable, "manage.py", *task],
                cwd=ROOT,
                env={**os.environ, **env},
                check=True,
            )
        server = Server(free_port(), env, Path(folder) / "log", command, SERVER_CORE).start()
        print(f"{command}, {calls} calls, {seconds:g} s")
        try:
            cost, sent = asyncio.run(measure(server, account, api_port, calls, seconds))
            heard = -1
            deadline = time.monotonic() + 10
            while (heard := recorded_bytes(database)) != sent and time.monotonic() < deadline:
                time.sleep(0.2)
        finally:
            server.stop()
        print(f"  bytes sent {sent:,}, on record {heard:,}: {'all' if sent == heard else 'LOST'}")
        print(f"  {cost:.2f} ms of CPU per second of a call (target {TARGET_MS[command]:g})")


def main() -> None:
    calls = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 20.0
    os.sched_setaffinity(0, {CALLER_CORE})
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}")
    for command in TARGET_MS:
        run(command, calls, seconds)


if __name__ == "__main__":
    main()
