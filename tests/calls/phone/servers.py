"""Servers whose phone is switched on."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.calls.by_phone.conftest import SPELLING, database_url
from tests.server import Server, free_port

StartServer = Callable[..., Server]


@contextmanager
def phone_servers(logs: Path) -> Iterator[StartServer]:
    """Give a function that starts servers, with the given settings in their environment.

    They hear what is spelt and speak so, unless told otherwise, and end with the block.
    """
    servers: list[Server] = []

    def start(command: str = "daphne", **env: str) -> Server:
        env = {
            "PHONE": "true",
            "DATABASE_URL": database_url(),
            "RECOGNIZER": SPELLING,
            "SYNTHESIZER": "tests.calls.voice.spelling.SpellingSynthesizer",
            **env,
        }
        log = logs / f"server-{len(servers)}.log"
        servers.append(Server(free_port(), env, log, command).start())
        return servers[-1]

    try:
        yield start
    finally:
        for server in servers:
            server.kill()
