"""The product as its operator runs it: a server process of its own, on loopback."""

import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Self

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 120.0


PORTS = range(20_000, 32_000)
"""Below those from which the system takes a port for whoever asks for any."""

_given: set[int] = set()


def free_port() -> int:
    """Return a port of loopback that is free, and that nobody else is likely to take later."""
    while True:
        port = random.choice(PORTS)
        with socket.socket() as probe:
            if port not in _given and probe.connect_ex(("127.0.0.1", port)):
                _given.add(port)
                return port


class Server:
    """A server process; `env` are its settings. Ended by `stop`, or `kill`ed outright.

    `command` is daphne or uvicorn; `core` is the one processor core it may use.
    """

    def __init__(
        self,
        port: int,
        env: dict[str, str],
        log: Path,
        command: str = "daphne",
        core: int | None = None,
    ) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.log = log
        self._port = port
        self._command = command
        self._pinned = [] if core is None else ["taskset", "--cpu-list", str(core)]
        self._env = {
            **os.environ,
            "PUBLIC_URL": self.url,
            "DJANGO_SETTINGS_MODULE": "voiceproject.settings",
            **env,
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        """Start the process and wait until it answers."""
        module = {
            "daphne": ["daphne", "-b", "127.0.0.1", "-p"],
            "uvicorn": [
                *("uvicorn", "--host", "127.0.0.1", "--log-level", "warning"),
                *("--ws", "websockets-sansio", "--port"),
            ],
        }[self._command]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *self._pinned,
                    *[sys.executable, "-m", *module, str(self._port)],
                    "voiceproject.asgi:application",
                ],
                cwd=ROOT,
                env=self._env,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"The server did not start:\n{self.log.read_text()}")
            time.sleep(0.05)
        return self

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def stop(self) -> None:
        """End the process as an operator does, with SIGTERM."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End the process without a chance to tidy up."""
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(how)
            self._process.wait(30)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as answer:  # noqa: S310
                return bool(answer.status == 200)
        except OSError:
            return False
