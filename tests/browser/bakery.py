"""The product at work, with a browser before it: its server, its records, and who is signed in."""

import http.client
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from playwright.sync_api import Browser, Page

from tests.browser.faults import watch
from tests.browser.pages import ListedPage
from tests.browser.records import Records
from tests.browser.roles import Role
from tests.server import ROOT, Server, free_port

WIDTHS = (1280, 390)
SCHEMES = ("light", "dark")

PATIENCE_MS = 30_000
"""How long a page may take for what it must do."""

HEIGHT = 900


class Bakery:
    """A server with records of its own, in a folder that is to be empty.

    Its database is always SQLite: how pages look does not depend on it.
    """

    def __init__(self, browser: Browser, folder: Path) -> None:
        self._browser = browser
        self._env = {
            "DJANGO_SETTINGS_MODULE": "tests.browser.settings",
            "SECRET_KEY": "browser-tests-only-0123456789abcdef-0123456789",
            "DEBUG": "false",
            "PHONE": "true",
            "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
            "TWILIO_AUTH_TOKEN": "tests-only-auth-token",
            "DATABASE_URL": f"sqlite:///{folder / 'bakery.sqlite3'}",
            "REDIS_URL": "",
            "RECOGNIZER": "offline",
            "SYNTHESIZER": "tests.calls.voice.spelling.SpellingSynthesizer",
        }
        self._port = free_port()
        self._server = Server(self._port, self._env, folder / "server.log")
        self.records: Records

    def __enter__(self) -> Self:
        made = subprocess.run(
            [sys.executable, "-m", "tests.browser.records"],
            cwd=ROOT,
            env={**os.environ, **self._env, "SYNTHESIZER": "none"},
            stdout=subprocess.PIPE,
            check=True,
        )
        self.records = Records(**json.loads(made.stdout))
        self._server.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self._server.stop()

    @property
    def url(self) -> str:
        """Where the product is, without a slash at the end."""
        return self._server.url

    def get(self, path: str, role: Role) -> tuple[int, str]:
        """Ask for a page without a browser; return its status, and where it leads."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE_MS / 1000)
        session = self.records.sessions.get(role.value)
        connection.request("GET", path, headers={"Cookie": f"sessionid={session}"})
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer.status, answer.headers.get("Location", "")

    @contextmanager
    def open(self, listed: ListedPage, width: int = WIDTHS[0]) -> Iterator[tuple[Page, list[str]]]:
        """Open a page in a browser of its own; also give the list of what goes wrong in it."""
        context = self._browser.new_context(
            viewport={"width": width, "height": HEIGHT}, reduced_motion="reduce"
        )
        try:
            session = self.records.sessions.get(listed.viewer.value)
            if session is not None:
                context.add_cookies([{"name": "sessionid", "value": session, "url": self.url}])
            page = context.new_page()
            page.set_default_timeout(PATIENCE_MS)
            faults = watch(page)
            page.goto(self.url + listed.path(self.records))
            if listed.act is not None:
                listed.act(page)
                page.wait_for_load_state()  # it may have led to another page
            yield page, faults
        finally:
            context.close()
