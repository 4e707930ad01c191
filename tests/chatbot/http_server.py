"""A real HTTP server on loopback that answers as it was told, and records what it was asked."""

import json
import socket
import ssl
import struct
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

TRICKLE_SECONDS = 0.02


@dataclass(frozen=True)
class Answer:
    """One answer.

    After `delay_seconds` the status line and the headers are sent, then the body: at once, or,
    where it `trickles`, byte by byte. Where it `breaks_off`, the connection ends after half of it;
    where it `drops`, the connection is reset before anything is answered.
    """

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    delay_seconds: float = 0.0
    trickles: bool = False
    breaks_off: bool = False
    drops: bool = False
    raw: bytes | None = None
    """Sent instead of all the above, where it is given."""


def as_json(content: object, **options: Any) -> Answer:
    """Answer with a JSON document."""
    return Answer(json.dumps(content).encode(), **options)


@dataclass(frozen=True)
class Request:
    """What was asked; `connection` counts the connections from 1."""

    connection: int
    path: str
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """Return the body, decoded."""
        return json.loads(self.body)


class HttpServer(ThreadingHTTPServer):
    """Gives its answers one after the other, the last one for ever."""

    daemon_threads = False

    def __init__(self, *answers: Answer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.port = int(self.server_address[1])
        self.url = f"http://127.0.0.1:{self.port}/bot"
        self.requests: list[Request] = []
        self.connections = 0
        self.stopping = threading.Event()
        self._answers = list(answers)
        self._open: list[socket.socket] = []
        self._lock = threading.Lock()

    def opened(self, connection: socket.socket) -> int:
        """Record a connection, and return its number."""
        with self._lock:
            self.connections += 1
            self._open.append(connection)
            return self.connections

    def asked(self, request: Request) -> Answer:
        """Record a request, and return what to answer."""
        with self._lock:
            self.requests.append(request)
            return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]

    def stop(self) -> None:
        """End what is going on, and free the port."""
        self.stopping.set()
        self.shutdown()
        with self._lock:
            for connection in self._open:
                with suppress(OSError):  # closed already
                    connection.shutdown(socket.SHUT_RDWR)
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that hang up: some tests make them do so."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Headers and body are two writes; the second would wait 40 ms for the first to be acknowledged.
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        self.scripted = cast(HttpServer, self.server)
        self.number = self.scripted.opened(self.connection)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        answer = self.scripted.asked(Request(self.number, self.path, dict(self.headers), body))
        if answer.delay_seconds and self.scripted.stopping.wait(answer.delay_seconds):
            self.close_connection = True
            return
        if answer.drops:
            self._reset()
        elif answer.raw is not None:
            self.wfile.write(answer.raw)
            self.close_connection = True
        else:
            self._send(answer)

    def do_GET(self) -> None:
        """Answer as to a POST; only a redirect that was followed comes here."""
        self.headers["Content-Length"] = "0"
        self.do_POST()

    def log_message(self, format: str, *args: object) -> None:
        """Keep the output of the tests clean."""

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if answer.breaks_off:
            self.wfile.write(answer.body[: len(answer.body) // 2])
            self.close_connection = True
        elif answer.trickles:
            for byte in answer.body:
                if self.scripted.stopping.wait(TRICKLE_SECONDS):
                    break
                self.wfile.write(bytes([byte]))
        else:
            self.wfile.write(answer.body)

    def _reset(self) -> None:
        # Without lingering, closing sends a reset at once.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True


@contextmanager
def serving(*answers: Answer, context: ssl.SSLContext | None = None) -> Iterator[HttpServer]:
    """Run a server with these answers, by TLS where there is a context."""
    server = HttpServer(*answers)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join()
