"""How soon the audio of a reply begins: from memory, from the database, from the engine.

    python -m tests.benchmarks.render_latency [replies]

One process and one event loop, as a live call has it; the database is that of DATABASE_URL, or a
SQLite file. The engine is played by one that yields its first piece at once: what is measured of
it is what the renders add. Target: 20 ms where a reply was rendered before.
"""

import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from calls.voice.wording import Wording

SECONDS_OF_SPEECH = 5


class InstantSynthesizer:
    """Speaks without taking time."""

    name = "benchmark"

    async def speak(self, wording: "Wording") -> AsyncIterator[bytes]:
        """Yield some seconds in one piece."""
        yield bytes(8000 * SECONDS_OF_SPEECH)

    async def aclose(self) -> None:
        """Nothing is held."""


async def measure(replies: int) -> dict[str, list[float]]:
    """Return the milliseconds to the first piece of each reply, by where it came from."""
    from calls.store import Store
    from calls.voice.renders import Renders
    from chatbot.script import ScriptReply
    from tests.chatbot.bots import make_intent, make_script

    texts = [f"This is reply number {number}." for number in range(replies)]
    script = make_script(make_intent(1, replies=tuple(ScriptReply(text) for text in texts)))
    # A version of its own: texts of an earlier run are in the database.
    script = replace(script, voice=str(time.time()))
    store = Store(4)

    async def hear_all(renders: Renders) -> list[float]:
        took = []
        for text in texts:
            began = time.perf_counter()
            audio = renders.audio(script, text)
            await anext(audio)
            took.append((time.perf_counter() - began) * 1000)
            async for _ in audio:
                pass
        return took

    async def settle(renders: Renders) -> None:
        while renders._tasks:
            await asyncio.wait(renders._tasks)

    first, second = (Renders(InstantSynthesizer(), store) for _ in range(2))
    measured = {"engine": await hear_all(first)}
    await settle(first)
    measured["memory"] = await hear_all(first)
    measured["database"] = await hear_all(second)
    await settle(second)
    store.close()
    return measured


def main() -> None:
    """Measure, and print what came of it."""
    replies = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{Path(folder) / 'benchmark.sqlite3'}")
        os.environ.setdefault("SECRET_KEY", "benchmark-only-" + "0" * 32)
        os.environ["DJANGO_SETTINGS_MODULE"] = "voiceproject.settings"
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0, skip_checks=True)
        for where, took in asyncio.run(measure(replies)).items():
            p95 = statistics.quantiles(took, n=20)[-1]
            print(f"{where}: median {statistics.median(took):.3f} ms, p95 {p95:.3f} ms")


if __name__ == "__main__":
    main()
