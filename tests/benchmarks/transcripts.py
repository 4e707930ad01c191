"""How soon the record of calls can be read, at 100,000 calls with a million turns.

    python -m tests.benchmarks.transcripts [calls [rounds]]

Makes the calls in a PostgreSQL database of its own, once, beside the one that DATABASE_URL names
(its name and `_transcripts`); starts the server, signs a supervisor in, and asks over HTTP for each
page as many times as there are rounds, the first of which is not counted. Target: each median, and
the first byte of an export, under 300 ms. `drop` in the place of a number drops the database.
"""

import http.client
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from tests.benchmarks.product import Product
from tests.server import Server

TARGET_MS = 300
TURNS = 10

SIGN_IN = """
from django.contrib.auth.models import Group, User
from django.test import Client
user, _ = User.objects.get_or_create(username="benchmark", defaults={"is_staff": True})
user.groups.set(Group.objects.filter(name="Supervisor"))
client = Client()
client.force_login(user)
print(client.cookies["sessionid"].value)
"""
FACTS = """
from calls.models import Call, Turn
call = Call.objects.order_by("-turn_count").first()
busy = Call.objects.all()[100]
order = Turn.objects.filter(text__startswith="my order number is").last().text.split()[-1]
print(Call.objects.count(), Turn.objects.count(), call.pk, order, busy.from_number, busy.bot_id)
print(busy.sid, busy.started_at.date())
"""

LIST = "/admin/calls/call/"


def pages(facts: list[str]) -> Iterator[tuple[str, str]]:
    """Yield what is asked for: its name and its path."""
    calls, _, call, order, number, bot, sid, day = facts
    last = min(200, int(calls) // 50)
    yield "list", LIST
    yield "list, page 2", f"{LIST}?p=2"
    yield f"list, page {last}", f"{LIST}?p={last}"
    yield "list in the order of callers", f"{LIST}?o=-2"
    for name, query in (
        ("running", "running=yes"),
        ("over", "running=no"),
        ("bot", f"bot__id__exact={bot}"),
        ("how it ended: lost", "outcome__exact=lost"),
        ("who ended it", "by=caller"),
        ("had a no-match", "missed=yes"),
        ("had a fault", "fault=yes"),
        ("had no fault", "fault=no"),
        ("without tests", "test=no"),
        ("tests only", "test=yes"),
        ("one day", f"from_day={day}&to_day={day}"),
        ("longer than 90 s", "longer=90"),
        ("slower than 5 s", "slower=5000"),
        ("slower than 50 ms", "slower=50"),
        ("caller", f"caller={quote(number)}"),
        ("number called", "called=5550102"),
        ("four at once", "missed=yes&fault=yes&by=bot&slower=1000"),
    ):
        yield f"filter: {name}", f"{LIST}?{query}"
    for name, words in (
        ("rare word", order),
        ("word nobody said", "xylophone"),
        ("frequent word", "please"),
        ("two frequent words", "please appointment"),
        ("beginning of a word", "appoin"),
        ("one letter", "a"),
        ("rare phrase", '"parking fine at half past nine"'),
        ("frequent phrase", '"how can I help you"'),
        ("phrase of frequent words nobody said", '"you help"'),
        ("name", "Chloé"),
        ("number", number),
        ("SID", sid),
    ):
        yield f"search: {name}", f"{LIST}?q={quote(words)}"
    yield "search and filter", f"{LIST}?q=please&missed=yes&outcome__exact=lost"
    yield "one call", f"{LIST}{call}/change/"
    yield "one call as JSON", f"{LIST}{call}/export.json"


EXPORTS = (
    ("export, all, CSV", f"{LIST}export.csv"),
    ("export, all, JSON", f"{LIST}export.json"),
    ("export, frequent word, CSV", f"{LIST}export.csv?q=please"),
    ("export, rare phrase, CSV", f"{LIST}export.csv?q=%22parking+fine+at+half+past+nine%22"),
)
WHOLE = (EXPORTS[0], EXPORTS[-1])
"""Those that are read to their end; all calls take minutes."""


class Reader:
    """A supervisor who is signed in, and waits."""

    def __init__(self, server: Server, session: str) -> None:
        self._address = urlsplit(server.url).netloc
        self._headers = {"Cookie": f"sessionid={session}"}

    def ask(self, path: str, *, read_all: bool = True) -> tuple[float, float, int]:
        """Return milliseconds to the first byte of the body and to the last, and its length."""
        connection = http.client.HTTPConnection(self._address, timeout=600)
        began = time.perf_counter()
        connection.request("GET", path, headers=self._headers)
        answer = connection.getresponse()
        length = len(answer.read(1))
        first = time.perf_counter() - began
        if answer.status != http.client.OK:
            raise RuntimeError(f"{path} was answered with {answer.status}.")
        while read_all and (piece := answer.read(1 << 16)):
            length += len(piece)
        whole = time.perf_counter() - began
        connection.close()
        return first * 1000, whole * 1000, length


def report(name: str, times: list[float]) -> bool:
    """Print the figures of one page; return whether they are good."""
    median = statistics.median(times)
    p95 = statistics.quantiles(times, n=20)[-1] if len(times) > 1 else median
    mark = "" if median < TARGET_MS else "   OVER"
    print(f"{name:48} median {median:6.0f} ms   p95 {p95:6.0f} ms{mark}", flush=True)
    return median < TARGET_MS


def memory_mb(server: Server, what: str) -> float:
    """Return the resident memory of the server: now (VmRSS), or the most so far (VmHWM)."""
    status = Path(f"/proc/{server.pid}/status").read_text()
    [line] = [line for line in status.splitlines() if line.startswith(what)]
    return int(line.split()[1]) / 1024


def export_whole(server: Server, reader: Reader, name: str, path: str) -> None:
    """Print how long a whole file takes, and what it costs in memory."""
    before = memory_mb(server, "VmRSS")
    first, whole, length = reader.ask(path)
    print(
        f"{name:48} {length / 1e6:.0f} MB in {whole / 1000:.1f} s, first byte {first:.0f} ms, "
        f"memory {before:.0f} MB, at the most {memory_mb(server, 'VmHWM'):.0f} MB",
        flush=True,
    )


def database() -> tuple[str, str]:
    """Return the URL of the database to connect to, and that of the benchmark's own."""
    url = os.environ.get("DATABASE_URL", "postgres://localhost/postgres")
    parts = urlsplit(url)
    name = parts.path.removeprefix("/") or "postgres"
    return url, urlunsplit(parts._replace(path=f"/{name}_transcripts"))


def run(calls: int, rounds: int) -> bool:
    """Make what is not there, serve, ask; return whether all is as fast as it should be."""
    outside, own = database()
    name = urlsplit(own).path.removeprefix("/")
    with psycopg.connect(outside, autocommit=True) as connection:
        there = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if there.fetchone() is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    with tempfile.TemporaryDirectory() as folder:
        product = Product(Path(folder), DATABASE_URL=own, SYNTHESIZER="none")
        product.manage("migrate", "-v0")
        with psycopg.connect(own) as connection:
            row = connection.execute("SELECT count(*) FROM calls_call").fetchone()
        missing = calls - (row[0] if row is not None else 0)
        if missing > 0:
            made = product.manage("make_calls", "--calls", str(missing), "--turns", str(TURNS))
            print(made.strip())
        session = product.shell(SIGN_IN).split()[-1]
        facts = product.shell(FACTS).split()
        print(f"{facts[0]} calls, {facts[1]} turns, {rounds} rounds")
        server = product.serve()
        try:
            return measure(server, Reader(server, session), facts, rounds)
        finally:
            server.stop()


def measure(server: Server, reader: Reader, facts: list[str], rounds: int) -> bool:
    """Ask for every page, and for whole exports."""
    good = True
    for name, path in pages(facts):
        reader.ask(path)
        good &= report(name, [reader.ask(path)[1] for _ in range(rounds)])
    for name, path in EXPORTS:
        reader.ask(path, read_all=False)
        firsts = [reader.ask(path, read_all=False)[0] for _ in range(rounds)]
        good &= report(f"{name}: first byte", firsts)
    for name, path in WHOLE:
        export_whole(server, reader, name, path)
    return good


def main() -> None:
    outside, own = database()
    if sys.argv[1:] == ["drop"]:
        name = sql.Identifier(urlsplit(own).path.removeprefix("/"))
        with psycopg.connect(outside, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(name))
        return
    calls = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 20
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}")
    sys.exit(0 if run(calls, rounds) else "Not all medians are under the target.")


if __name__ == "__main__":
    main()
