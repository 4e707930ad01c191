"""A small pool of threads in which the database work of live calls is done."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from django.db import InterfaceError, OperationalError, connection

logger = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")


class Store:
    """Runs the database jobs of all live calls of a process, a few at a time."""

    def __init__(self, threads: int) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="call-store")

    async def run(self, job: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `job` in a thread of the pool; raise what it raises.

        Where the caller is cancelled meanwhile, a job that has begun is finished all the same.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, lambda: _run(job, *args, **kwargs))

    def close(self) -> None:
        """Let the running jobs finish and end the threads."""
        self._pool.shutdown()


def _run(job: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a job on the connection that its thread keeps: to open one anew would cost more.

    A connection that the database has cut off takes the job's transaction along, so the job
    is run again on a new one.
    """
    connection.ensure_connection()
    used = connection.connection
    try:
        return job(*args, **kwargs)
    except (OperationalError, InterfaceError):
        # Where a transaction had begun, Django has closed the connection by itself, or has it
        # replaced already.
        if connection.connection is used and connection.is_usable():
            raise
        logger.warning("A database connection was cut off; its job is run again on a new one")
        connection.close()
        _check_pool()
        return job(*args, **kwargs)


def _check_pool() -> None:
    """Have the pool drop its connections that were cut off too, where there is a pool.

    It would find them one by one, and wait after each, for longer and longer.
    """
    pool = getattr(connection, "pool", None)
    if pool is not None:
        pool.check()
