"""Opening the WebSocket of a media stream, and what Twilio calls its failures."""

import asyncio
from typing import Final
from urllib.parse import urlsplit, urlunsplit

import aiohttp
from yarl import URL

from calls.simulator.account import Account, signed_form
from calls.simulator.call_log import CallLog

CONNECT_SECONDS: Final = 5.0
CLOSE_SECONDS: Final = 5.0
MAX_MESSAGE_BYTES: Final = 16 * 1024 * 1024

CONNECT_TIMEOUT: Final = 31901
CONNECTION_REFUSED: Final = 31902
BROKEN_PIPE: Final = 31903
TLS_FAILURE: Final = 31910
HANDSHAKE_FAILURE: Final = 31920
CLOSED_BY_SERVER: Final = 31921
BAD_SCHEME: Final = 31922
PROTOCOL_ERROR: Final = 31924
BAD_TRACK: Final = 31941

_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


class StreamRefusedError(Exception):
    """A stream cannot be opened; `code` is the number of Twilio's error."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


async def open_socket(
    url: str, *, account: Account, session: aiohttp.ClientSession, log: CallLog
) -> aiohttp.ClientWebSocketResponse:
    """Connect to a stream's URL, signed. Raises StreamRefusedError.

    Twilio connects to wss only; the simulator also takes ws on this machine itself, where a
    server under development has no certificate.
    """
    parts = urlsplit(url)
    if parts.scheme != "wss" and not (parts.scheme == "ws" and parts.hostname in _LOOPBACK):
        raise StreamRefusedError(BAD_SCHEME, f"{url}: the scheme must be wss")
    if parts.query:
        log.report(HANDSHAKE_FAILURE, f"{url}: a Stream URL has no query; it was dropped")
    url = urlunsplit(parts._replace(query="", fragment=""))
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            return await session.ws_connect(
                URL(url, encoded=True),
                headers={"x-twilio-signature": account.sign(signed_form(url))},
                max_msg_size=MAX_MESSAGE_BYTES,
                timeout=aiohttp.ClientWSTimeout(ws_close=CLOSE_SECONDS),
            )
    except TimeoutError as error:
        raise StreamRefusedError(CONNECT_TIMEOUT, f"{url}: no connection within 5 s") from error
    except aiohttp.WSServerHandshakeError as error:
        raise StreamRefusedError(
            HANDSHAKE_FAILURE, f"{url}: the handshake was answered HTTP {error.status}"
        ) from error
    except aiohttp.ClientConnectorSSLError as error:
        raise StreamRefusedError(TLS_FAILURE, f"{url}: TLS failed ({error})") from error
    except aiohttp.ClientConnectorError as error:
        raise StreamRefusedError(CONNECTION_REFUSED, f"{url}: cannot connect ({error})") from error
    except aiohttp.ClientError as error:
        raise StreamRefusedError(
            HANDSHAKE_FAILURE, f"{url}: the handshake failed ({error})"
        ) from error
