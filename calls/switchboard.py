"""What all live calls of a process share: threads for the database, the REST client, the engine."""

import asyncio
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self
from weakref import WeakKeyDictionary

from django.conf import settings
from django.db import Error as DatabaseError

from calls import services, store
from calls.speech.engines import create_recognizer
from calls.speech.recognizer import Recognizer
from calls.store import Store
from calls.twilio.rest import TwilioRest

logger = logging.getLogger(__name__)

BEAT_SECONDS = 1.0
"""How often the streams of this process are marked as alive."""

SWEEP_SECONDS = 60.0
"""How often calls of which no end was reported are looked for."""


class Switchboard:
    """One for each event loop; made with the first call and kept for the life of the process."""

    _of_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, Self] = WeakKeyDictionary()

    def __init__(self, store: Store, rest: TwilioRest, recognizer: Recognizer) -> None:
        self.store = store
        self.rest = rest
        self.recognizer = recognizer
        self._stream_ids: set[int] = set()
        self._heart: asyncio.Task[None] | None = None

    @classmethod
    def current(cls) -> Self:
        """Return the switchboard of the running event loop."""
        loop = asyncio.get_running_loop()
        if loop not in cls._of_loop:
            cls._of_loop[loop] = cls(
                Store(settings.CALL_DATABASE_THREADS),
                TwilioRest(
                    settings.TWILIO_ACCOUNT_SID,
                    settings.TWILIO_AUTH_TOKEN,
                    settings.TWILIO_API_URL,
                ),
                create_recognizer(),
            )
        return cls._of_loop[loop]

    @contextmanager
    def holding(self, stream_id: int) -> Iterator[None]:
        """Mark a stream as alive, in the database, for as long as the block runs."""
        self._stream_ids.add(stream_id)
        if self._heart is None:
            self._heart = asyncio.create_task(self._beat(), name="switchboard-heart")
        try:
            yield
        finally:
            self._stream_ids.discard(stream_id)
            if not self._stream_ids and self._heart is not None:
                self._heart.cancel()
                self._heart = None

    async def aclose(self) -> None:
        """Release threads, connections and the engine."""
        self._of_loop.pop(asyncio.get_running_loop(), None)
        if self._heart is not None:
            self._heart.cancel()
        await self.recognizer.aclose()
        await self.rest.aclose()
        self.store.close()

    async def _beat(self) -> None:
        sweep_at = time.monotonic()
        while True:
            try:
                await self.store.run(store.streams_seen, list(self._stream_ids))
                if time.monotonic() >= sweep_at:
                    sweep_at = time.monotonic() + SWEEP_SECONDS
                    await self.store.run(services.calls_close_lost)
            except DatabaseError:
                logger.exception("Live streams could not be marked as alive; trying again")
            await asyncio.sleep(BEAT_SECONDS)
