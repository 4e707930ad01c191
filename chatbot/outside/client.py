"""Posts to an outside address: one deadline over everything, and nothing sent twice."""

import asyncio
import json
import time
from http import HTTPStatus
from typing import Final

import aiohttp
import msgspec
from asgiref.sync import async_to_sync
from yarl import URL

from chatbot.outside.addresses import read_url
from chatbot.outside.guard import PRIVATE, is_allowed, names_private
from chatbot.outside.requests import MAX_BODY_BYTES, OutsideError, OutsideReply, OutsideRequest
from chatbot.outside.sessions import SessionsByLoop
from chatbot.outside.signature import HEADER, sign

RETRY_PAUSE_SECONDS: Final = 0.1
"""How long a server that takes no connection has to come back before the second attempt."""

_sessions = SessionsByLoop()


async def post(request: OutsideRequest, sessions: SessionsByLoop = _sessions) -> OutsideReply:
    """Post a request and return its answer. Raises OutsideError where there is none to be used.

    A connection that cannot be opened is tried once more. Once the request may have gone out it
    is not repeated, whatever happens: the other side may already have acted on it. Redirects are
    not followed, proxies of the environment not used, cookies not kept.
    """
    began = time.monotonic()
    url, is_guarded = _check(request)
    body = _encode(request)
    headers = _headers(request, body)
    try:
        async with asyncio.timeout(request.deadline_seconds):
            both = await sessions.get()
            session = both.guarded if is_guarded else both.unguarded
            response = await _open(session, url, body, headers)
            try:
                content = await _read(response)
            finally:
                # Of no effect on an answer that was read to its end: its connection is kept.
                response.close()
    except TimeoutError:
        raise OutsideError(f"did not answer within {request.deadline_seconds:g} s") from None
    except aiohttp.ClientError as error:
        raise OutsideError(_reason(error)) from error
    return OutsideReply(response.status, content, round((time.monotonic() - began) * 1000))


def post_now(request: OutsideRequest) -> OutsideReply:
    """Do the same as `post` in code that runs in a thread of its own."""
    return async_to_sync(post)(request)


async def aclose() -> None:
    """Close the connections of the running event loop, where nothing else does at its end."""
    await _sessions.aclose()


def _check(request: OutsideRequest) -> tuple[URL, bool]:
    """Return where to post, and whether names that lead to private addresses are refused."""
    try:
        url = read_url(request.url)
    except ValueError as error:
        raise OutsideError("is not an address that can be asked") from error
    is_guarded = not request.may_be_private and not is_allowed(url)
    if is_guarded and names_private(url):
        raise OutsideError(PRIVATE)
    return url, is_guarded


def _encode(request: OutsideRequest) -> bytes:
    text = json.dumps(dict(request.body), ensure_ascii=False, allow_nan=False)
    # Half a surrogate pair, which no UTF-8 can carry, becomes a question mark.
    return text.encode("utf-8", "replace")


def _headers(request: OutsideRequest, body: bytes) -> list[tuple[str, str]]:
    headers = [
        ("Content-Type", "application/json"),
        ("Accept", "application/json"),
        ("Accept-Encoding", "identity"),
        ("User-Agent", "Phonebot"),
        *request.headers,
    ]
    if request.secret:
        headers.append((HEADER, sign(request.secret, body, int(time.time()))))
    return headers


async def _open(
    session: aiohttp.ClientSession, url: URL, body: bytes, headers: list[tuple[str, str]]
) -> aiohttp.ClientResponse:
    """Send the request, and return the response once its headers are there."""
    try:
        return await session.post(url, data=body, headers=headers, allow_redirects=False)
    except (aiohttp.ClientConnectorDNSError, aiohttp.ClientSSLError):
        raise  # a second look would find the same
    except aiohttp.ClientConnectorError:
        await asyncio.sleep(RETRY_PAUSE_SECONDS)
    return await session.post(url, data=body, headers=headers, allow_redirects=False)


async def _read(response: aiohttp.ClientResponse) -> object:
    """Return the decoded body of a success. Raises OutsideError for all others."""
    status = response.status
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        raise OutsideError("redirects, which is not followed")
    if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        raise OutsideError(f"answered HTTP {status}")
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise OutsideError("sent a compressed answer, which was not asked for")
    body = bytearray()
    async for piece in response.content.iter_any():
        body += piece
        if len(body) > MAX_BODY_BYTES:
            raise OutsideError(f"sent an answer larger than {MAX_BODY_BYTES // 1000} kB")
    if not body:
        return None
    try:
        return msgspec.json.decode(body)
    except (ValueError, RecursionError) as error:  # not UTF-8, not JSON, or too deep
        raise OutsideError("sent an answer that is not JSON") from error


def _reason(error: aiohttp.ClientError) -> str:
    """Say why there is no answer."""
    match error:
        case aiohttp.ClientConnectorDNSError():
            return "has a host name that is not known"
        case aiohttp.ClientConnectorCertificateError():
            return "has no certificate that can be trusted"
        case aiohttp.ClientSSLError():
            return "does not speak TLS as it should"
        case aiohttp.ClientConnectorError() if isinstance(error.os_error, ConnectionRefusedError):
            return "refused the connection"
        case aiohttp.ClientConnectorError():
            return "could not be reached"
        case aiohttp.ClientPayloadError():
            return "broke off in the middle of its answer"
        case aiohttp.ClientResponseError():
            return "did not answer in HTTP"
        case aiohttp.ClientConnectionError():
            return "closed the connection without an answer"
    return f"could not be asked ({type(error).__name__})"
