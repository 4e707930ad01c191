"""The server under call: the one that runs already, or one that is started for the call."""

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import aiohttp

from calls.simulator.options import LOOPBACK, ROOT, Options

START_SECONDS: Final = 60.0
STOP_SECONDS: Final = 10.0


class ServerError(Exception):
    """There is no server to call; the message says why."""


@asynccontextmanager
async def running_server(options: Options, tell: Callable[[str], None]) -> AsyncIterator[None]:
    """Make sure that a server answers at PUBLIC_URL; one that was started is ended again."""
    status = await _health(options.public_url)
    if status == 200:
        yield
        return
    health_url = f"{options.public_url}/healthz"
    if status is not None:
        raise ServerError(
            f"{health_url} answered HTTP {status}: that server is not well, or not ours."
        )
    if options.server_host not in LOOPBACK or options.public_url.startswith("https"):
        raise ServerError(
            f"{health_url} does not answer. Start the server, or set PUBLIC_URL to an address of "
            "this machine, such as http://127.0.0.1:8000, and one is started for the call."
        )
    handle, log_name = tempfile.mkstemp(prefix="phone-bot-server-", suffix=".log")
    os.close(handle)
    log = Path(log_name)
    tell(f"No server answers at {options.public_url}: starting one. Its log: {log}")
    for command in (("migrate", "--verbosity", "0"), ("create_starter_bot",)):
        await _manage(command, log)
    server = await _start(options, log)
    try:
        await _until_healthy(options.public_url, server, log)
        yield
    finally:
        await _stop(server)


async def _health(public_url: str) -> int | None:
    timeout = aiohttp.ClientTimeout(total=5)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        try:
            async with session.get(f"{public_url}/healthz", allow_redirects=False) as response:
                return response.status
        except (aiohttp.ClientError, TimeoutError):
            return None


async def _manage(command: tuple[str, ...], log: Path) -> None:
    process = await _spawn((str(ROOT / "manage.py"), *command), log)
    try:
        failed = await process.wait()
    finally:
        await _stop(process)
    if failed:
        raise ServerError(f"manage.py {' '.join(command)} failed:\n{_tail(log)}")


async def _start(options: Options, log: Path) -> asyncio.subprocess.Process:
    listen = ("-b", options.server_host, "-p", str(options.server_port))
    return await _spawn(("-m", "daphne", *listen, "voiceproject.asgi:application"), log)


async def _spawn(arguments: tuple[str, ...], log: Path) -> asyncio.subprocess.Process:
    """Run this Python, its output going to the log; Ctrl-C does not reach it."""
    with log.open("ab") as output:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            *arguments,
            cwd=ROOT,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )


async def _until_healthy(public_url: str, server: asyncio.subprocess.Process, log: Path) -> None:
    try:
        async with asyncio.timeout(START_SECONDS):
            while await _health(public_url) != 200:
                if server.returncode is not None:
                    raise ServerError(f"The server ended at once:\n{_tail(log)}")
                await asyncio.sleep(0.2)
    except TimeoutError as error:
        raise ServerError(
            f"The server did not answer within {START_SECONDS:.0f} s:\n{_tail(log)}"
        ) from error


async def _stop(server: asyncio.subprocess.Process) -> None:
    if server.returncode is not None:
        return
    server.terminate()
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await server.wait()
    except TimeoutError:
        server.kill()
        await server.wait()


def _tail(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-12:])
