"""The processes that decode: the engine holds the interpreter lock, so calls must not share it."""

import asyncio
import logging
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait
from typing import ParamSpec, TypeVar

from calls.speech.events import EngineUnavailable

logger = logging.getLogger(__name__)

_DEADLINE_SECONDS = 10.0

P = ParamSpec("P")
T = TypeVar("T")


class DecodingPool:
    """A bounded pool of processes, started with the first job and replaced when one of them dies.

    The processes are spawned, not forked: a fork would copy the sockets, database connections and
    locks of a process full of calls.
    """

    def __init__(self, processes: int) -> None:
        self._processes = processes
        self._executor: ProcessPoolExecutor | None = None
        self._closed = False

    async def run(self, job: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a job in one of the processes. Raises EngineUnavailable where it cannot be done."""
        if self._closed:
            raise EngineUnavailable("The offline recognizer is closed.")
        executor = self._running()
        try:
            async with asyncio.timeout(_DEADLINE_SECONDS):
                return await asyncio.wrap_future(executor.submit(job, *args, **kwargs))
        except BrokenProcessPool as error:
            self._discard(executor)
            raise EngineUnavailable("A process of the offline recognizer died.") from error
        except (RuntimeError, ValueError) as error:  # what the engine raises of its own
            logger.exception("The offline recognizer failed on a job")
            raise EngineUnavailable(f"The offline recognizer failed: {error}") from error
        except TimeoutError as error:
            raise EngineUnavailable(
                f"The offline recognizer did not answer within {_DEADLINE_SECONDS:.0f} s: "
                "its processes are too few for the calls of this server."
            ) from error

    async def aclose(self) -> None:
        """End the processes. Jobs that have not begun are dropped."""
        self._closed = True
        executor, self._executor = self._executor, None
        if executor is not None:
            await asyncio.to_thread(executor.shutdown, wait=True, cancel_futures=True)

    def _running(self) -> ProcessPoolExecutor:
        if self._executor is None:
            self._executor = ProcessPoolExecutor(
                self._processes,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_start_worker,
            )
        return self._executor

    def _discard(self, broken: ProcessPoolExecutor) -> None:
        """Drop a broken pool, once: many streams notice the same death."""
        if self._executor is broken:
            logger.error("A process of the offline recognizer died; starting a new pool")
            self._executor = None
            broken.shutdown(wait=False)


def _start_worker() -> None:
    """Tie a worker to the life of its parent alone: Ctrl-C reaches the parent, which ends it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_die_with_parent, daemon=True).start()


def _die_with_parent() -> None:
    """End this process when the parent is gone; after a kill nothing else would ever wake it."""
    parent = multiprocessing.parent_process()
    if parent is None:
        raise RuntimeError("A decoding worker runs only as the child of another process.")
    wait([parent.sentinel])
    os._exit(1)
