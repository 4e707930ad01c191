"""The product that a benchmark measures: its settings, its commands, its servers."""

import os
import subprocess
import sys
from pathlib import Path

from calls.simulator import Account
from tests.server import ROOT, Server, free_port

ACCOUNT = Account("AC" + "0" * 32, "benchmark")


class Product:
    """An installation in a folder that is to be empty, whose settings `settings` add to.

    Its database is that of DATABASE_URL, else one of SQLite in the folder.
    """

    def __init__(self, folder: Path, **settings: str) -> None:
        self._folder = folder
        self._servers = 0
        self._env = {
            "SECRET_KEY": "benchmark-only-" + "0" * 32,
            "DATABASE_URL": os.environ.get("DATABASE_URL", f"sqlite:///{folder}/benchmark.sqlite3"),
            "LOG_LEVEL": "WARNING",
            **settings,
        }

    def manage(self, *task: str) -> str:
        """Run a command of manage.py; return what it prints. Raises RuntimeError with why not."""
        done = subprocess.run(
            [sys.executable, "manage.py", *task],
            cwd=ROOT,
            env={**os.environ, **self._env},
            check=False,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise RuntimeError(f"manage.py {task[0]} failed:\n{done.stderr}")
        return done.stdout

    def shell(self, code: str) -> str:
        """Run Python in the product; return what it prints. Raises RuntimeError."""
        return self.manage("shell", "-v0", "-c", code)

    def serve(self, command: str = "daphne", core: int | None = None) -> Server:
        """Start a server, on one core where one is given; whoever starts it stops it."""
        log = self._folder / f"server-{self._servers}.log"
        self._servers += 1
        return Server(free_port(), self._env, log, command, core=core).start()


def twilio_at(api_port: int) -> dict[str, str]:
    """Return the settings by which the product calls ACCOUNT's Twilio at a port of loopback."""
    return {
        "TWILIO_ACCOUNT_SID": ACCOUNT.sid,
        "TWILIO_AUTH_TOKEN": ACCOUNT.auth_token,
        "TWILIO_API_URL": f"http://127.0.0.1:{api_port}",
    }


def google_at(port: int) -> dict[str, str]:
    """Return the settings by which it is heard by a Google at a port of loopback."""
    return {"RECOGNIZER": "google", "GOOGLE_SPEECH_ENDPOINT": f"http://127.0.0.1:{port}"}
