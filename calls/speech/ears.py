"""The streams of a call, of which one at a time is listened to."""

import asyncio
import logging
from collections.abc import Callable, Coroutine

from calls.speech.ear import Ear
from calls.speech.events import RecognitionError, RecognitionEvent

logger = logging.getLogger(__name__)

CLOSE_SECONDS = 2.0
"""How long an engine may take to let go of a stream; the end of the call does not wait longer."""


class Ears:
    """Reads the current stream in a task of its own, and closes each that is current no more."""

    def __init__(
        self,
        report: Callable[[Ear, RecognitionEvent], None],
        ended: Callable[[Ear, RecognitionError | None], None],
    ) -> None:
        """Take the receivers of what the current stream reports, and of how it ended by itself."""
        self.current: Ear | None = None
        self._report = report
        self._ended = ended
        self._reading: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def replace(self, ear: Ear) -> None:
        """Listen to this stream from now on."""
        self.drop()
        self.current = ear
        self._reading = self._start(self._read(ear))
        # Not in a finally of the task, which may be cancelled before it has begun.
        self._reading.add_done_callback(lambda _: self._start(ear.stream.aclose()))

    def drop(self) -> None:
        """Listen to no stream."""
        self.current = None
        # A task that is just reporting sees by itself that its stream is current no more.
        if self._reading and self._reading is not asyncio.current_task():
            self._reading.cancel()
        self._reading = None

    async def aclose(self) -> None:
        """Drop the stream. When this returns all are closed, or given up, and no task is left."""
        self.drop()
        while self._tasks:
            done, stuck = await asyncio.wait(self._tasks, timeout=CLOSE_SECONDS)
            if not done:
                logger.error("%d streams of an engine were not closed in time", len(stuck))
                for task in stuck:
                    task.cancel()
                await asyncio.wait(stuck, timeout=CLOSE_SECONDS)
                return

    async def _read(self, ear: Ear) -> None:
        def report(event: RecognitionEvent) -> bool:
            self._report(ear, event)
            return ear is self.current

        failure = await ear.read(report)
        if ear is self.current:
            self.current = self._reading = None
            self._ended(ear, failure)

    def _start(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task
