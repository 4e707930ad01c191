"""A real nginx with the site of `deploy/`, on ports and with a certificate of its own."""

import re
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from tests.server import ROOT, Server, free_port
from tests.waiting import SOON

SITE = ROOT / "deploy" / "nginx.conf"
START_SECONDS = 20.0

AROUND_THE_SITE = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""
"""What Debian has around a site, as far as it matters here; its own folders need root."""


class Proxy:
    """One nginx, at `https://localhost:<port>`."""

    def __init__(self, folder: Path) -> None:
        self.port, self._plain_port = free_port(), free_port()
        self.url = f"https://localhost:{self.port}"
        self.certificate = folder / "certificate.pem"
        """Whoever trusts it trusts the proxy; it signs itself."""
        self.api_url = f"http://127.0.0.1:{free_port()}"
        """Where the servers behind it expect Twilio's REST API."""
        self.servers: tuple[Server, ...] = ()
        """Those behind it."""
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def plain_url(self) -> str:
        """Where those come who typed no https."""
        return f"http://localhost:{self._plain_port}"

    @property
    def trust(self) -> ssl.SSLContext:
        """What a client needs to believe the certificate."""
        return ssl.create_default_context(cafile=str(self.certificate))

    def logged(self, path: str) -> str:
        """Return the access log once it tells of a request for this path.

        nginx writes its line after the answer has left: who has the answer may be there first.
        """
        log = self._folder / "phonebot.log"
        deadline = time.monotonic() + SOON
        while f" {path} " not in (text := log.read_text()):
            assert time.monotonic() < deadline, f"{path} is not in the log:\n{text}"
            time.sleep(0.02)
        return text

    def make_certificate(self) -> None:
        """Make a certificate for localhost, and its key."""
        subprocess.run(
            [
                *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
                *("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"),
                *("-keyout", str(self._folder / "key.pem"), "-out", str(self.certificate)),
            ],
            check=True,
            capture_output=True,
        )

    def start(self, *servers: Server) -> None:
        """Start nginx before these servers and wait until it listens."""
        self.servers = servers
        (self._folder / "site.conf").write_text(self._site(servers))
        config = self._folder / "nginx.conf"
        config.write_text(AROUND_THE_SITE.format(folder=self._folder))
        command = ["nginx", "-p", str(self._folder), "-c", str(config)]
        subprocess.run([*command, "-t"], check=True, capture_output=True)
        self._process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + START_SECONDS
        while not (self._folder / "nginx.pid").exists():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((self._folder / "error.log").read_text())
            time.sleep(0.02)

    def stop(self) -> None:
        """End nginx."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(30)

    def _site(self, servers: tuple[Server, ...]) -> str:
        """The site as it is deployed, but for its ports, its files and the servers behind it."""
        site = SITE.read_text()
        ports = iter(urlsplit(server.url).port for server in servers)
        for there, here in (
            ("listen 80;", f"listen {self._plain_port};"),
            ("listen 443 ssl;", f"listen {self.port} ssl;"),
            ("/etc/letsencrypt/live/bot.example.com/fullchain.pem", str(self.certificate)),
            ("/etc/letsencrypt/live/bot.example.com/privkey.pem", f"{self._folder}/key.pem"),
            ("/var/log/nginx/", f"{self._folder}/"),
        ):
            assert there in site, there
            site = site.replace(there, here)
        return re.sub(r"127\.0\.0\.1:800\d", lambda _: f"127.0.0.1:{next(ports)}", site)


@contextmanager
def nginx(folder: Path) -> Iterator[Proxy]:
    """Give a proxy with a certificate; it is started by the test, and ends with the block."""
    proxy = Proxy(folder)
    proxy.make_certificate()
    try:
        yield proxy
    finally:
        proxy.stop()
