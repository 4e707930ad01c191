"""Connections to a speech service of Google's, shared by the streams of a process."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit

import google.auth
import grpc
from google.auth.credentials import Credentials
from google.auth.exceptions import DefaultCredentialsError, GoogleAuthError

from calls.speech.google_faults import CREDENTIALS_REMEDY

STREAMS_PER_CHANNEL = 50
"""A server usually allows about 100 streams on one HTTP/2 connection, and gRPC makes further ones
wait unseen (https://grpc.io/docs/guides/performance/): well before that, another one is opened."""

CHANNEL_OPTIONS = (
    # Without this, channels to the same address share one connection and its limit of streams.
    ("grpc.use_local_subchannel_pool", 1),
    # A dead connection is noticed in seconds, not by TCP's own timeouts of many minutes.
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.keepalive_timeout_ms", 5_000),
    # gRPC's default waits up to 2 minutes between attempts to connect, far longer than a caller.
    ("grpc.initial_reconnect_backoff_ms", 200),
    ("grpc.min_reconnect_backoff_ms", 5_000),
    ("grpc.max_reconnect_backoff_ms", 2_000),
)

Transport = TypeVar("Transport")


@dataclass(frozen=True, slots=True)
class GoogleService(Generic[Transport]):
    """What tells one service from another: the `speech` of speech.googleapis.com, its transport.

    The transport is one of those that the client library makes, for asyncio. `refused` and
    `unavailable` are the errors of the engine that speaks to the service.
    """

    name: str
    transport: type[Transport]
    refused: Callable[[str], Exception]
    unavailable: Callable[[str], Exception]


@dataclass(slots=True)
class _Lane(Generic[Transport]):
    channel: grpc.aio.Channel
    transport: Transport
    streams: int = 0


class GoogleChannels(Generic[Transport]):
    """Opens channels as they are needed, inside the running loop, and spreads streams over them."""

    def __init__(self, service: GoogleService[Transport], location: str, endpoint: str) -> None:
        """Take the endpoint: "" for Google's own, "http://host:port" for a plaintext server.

        Raises ValueError for anything else.
        """
        self._service = service
        # The client libraries are not typed.
        self._transport: Any = service.transport
        self.address, self._plaintext = _address(service.name, location, endpoint)
        self._lanes: list[_Lane[Transport]] = []
        self._credentials: Credentials | None = None
        self._credentials_lock = asyncio.Lock()
        self._closed = False

    @asynccontextmanager
    async def lease(self) -> AsyncIterator[Transport]:
        """Lend a transport for one stream. Raises the errors of the service."""
        connect = self._connect_plaintext if self._plaintext else await self._connect_google()
        if self._closed:
            raise self._service.refused("the engine is closed")
        lane = self._lane(connect)
        lane.streams += 1
        try:
            yield lane.transport
        finally:
            lane.streams -= 1

    async def aclose(self) -> None:
        """Close all channels; streams that still use them fail."""
        self._closed = True
        lanes, self._lanes = self._lanes, []
        for lane in lanes:
            await lane.channel.close()

    def _lane(self, connect: Callable[[], grpc.aio.Channel]) -> _Lane[Transport]:
        for lane in self._lanes:
            if lane.streams < STREAMS_PER_CHANNEL:
                return lane
        channel = connect()
        lane = _Lane(channel, self._transport(channel=channel))
        self._lanes.append(lane)
        return lane

    def _connect_plaintext(self) -> grpc.aio.Channel:
        return grpc.aio.insecure_channel(self.address, options=CHANNEL_OPTIONS)

    async def _connect_google(self) -> Callable[[], grpc.aio.Channel]:
        credentials = await self._default_credentials()
        return lambda: self._transport.create_channel(
            self.address, credentials=credentials, options=CHANNEL_OPTIONS
        )

    async def _default_credentials(self) -> Credentials:
        async with self._credentials_lock:
            if self._credentials is None:
                try:
                    # In a thread: the look-up reads files and may wait for a metadata server.
                    credentials, _ = await asyncio.to_thread(
                        google.auth.default, scopes=self._transport.AUTH_SCOPES
                    )
                except DefaultCredentialsError as error:
                    raise self._service.refused(
                        f"no Google credentials: {error}; {CREDENTIALS_REMEDY}"
                    ) from error
                except GoogleAuthError as error:
                    raise self._service.unavailable(f"Google credentials: {error}") from error
                self._credentials = credentials
            return self._credentials


def _address(service: str, location: str, endpoint: str) -> tuple[str, bool]:
    """Return host:port (or a bare host, for port 443) and whether to speak plaintext to it."""
    if not endpoint:
        host = f"{service}.googleapis.com"
        return (host if location == "global" else f"{location}-{host}"), False
    parts = urlsplit(endpoint)
    if (
        parts.scheme != "http"
        or not parts.hostname
        or not parts.port
        or parts.path.strip("/")
        or parts.query
        or parts.fragment
        or parts.username is not None
    ):
        raise ValueError(
            f"{service} endpoint {endpoint!r}: leave it empty for Google's own, "
            "or give http://host:port for a plaintext gRPC server"
        )
    return parts.netloc, True
