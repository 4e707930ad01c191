"""A file that is sent while it is written."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Iterable, Iterator

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.db import connection
from django.http import HttpRequest

from calls.export.formats import Format
from calls.export.record import Record

logger = logging.getLogger(__name__)


def streamed(
    request: HttpRequest, chunks: Iterable[list[Record]], form: Format
) -> Iterator[bytes] | AsyncIterator[bytes]:
    """Return the pieces of a file, as the server that asks can take them without holding all.

    Django reads a plain iterator to its end before it sends anything over ASGI.
    """
    pieces = _pieces(chunks, form)
    return _from_thread(pieces) if isinstance(request, ASGIRequest) else pieces


def _pieces(chunks: Iterable[list[Record]], form: Format) -> Iterator[bytes]:
    yield form.begin().encode()
    try:
        for chunk in chunks:
            yield form.write(chunk).encode()
    except Exception:
        # The status is sent: only the file itself can still tell, whatever it was that failed.
        logger.exception("An export broke off")
        yield form.broken().encode()
        return
    yield form.end().encode()


async def _from_thread(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Make each piece in the thread of the request, and the next only once it was taken.

    Between two of them the thread rests for as long as the work took: the process has calls to
    answer, whose work and this one's take turns on one core.
    """
    following = sync_to_async(_next)
    while True:
        piece, worked = await following(pieces)
        if piece is None:
            return
        yield piece
        await asyncio.sleep(worked)


def _next(pieces: Iterator[bytes]) -> tuple[bytes | None, float]:
    """Return the next piece, None at the end, and the seconds of CPU that it took.

    What takes long to send holds no connection of the database meanwhile.
    """
    began = time.thread_time()
    piece = next(pieces, None)
    if not connection.in_atomic_block:
        connection.close()
    return piece, time.thread_time() - began
