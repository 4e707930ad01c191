"""Tests of the pool of decoding processes: its deaths, its end, and its orphans."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from calls.speech.events import EngineUnavailable
from calls.speech.offline.workers import DecodingPool
from tests.waiting import SOON

PARENT = """
import asyncio, os, sys
from calls.speech.offline.workers import DecodingPool

async def main():
    pool = DecodingPool(1)
    print(await pool.run(os.getpid), flush=True)
    await asyncio.Event().wait()

if __name__ == "__main__":
    asyncio.run(main())
"""


@pytest.mark.asyncio
async def test_jobs_run_in_another_process() -> None:
    """The engine holds the interpreter lock, so it must not be ours."""
    pool = DecodingPool(1)
    assert await pool.run(os.getpid) != os.getpid()
    await pool.aclose()


@pytest.mark.asyncio
async def test_a_killed_process_fails_its_job_and_the_next_one_runs() -> None:
    """The caller learns that the engine is unavailable; the pool is replaced."""
    pool = DecodingPool(1)
    process = await pool.run(os.getpid)
    job = asyncio.create_task(pool.run(time.sleep, 30))
    os.kill(process, signal.SIGKILL)
    with pytest.raises(EngineUnavailable):
        await job
    assert await pool.run(os.getpid) != os.getpid()
    await pool.aclose()


@pytest.mark.asyncio
async def test_many_jobs_notice_one_death() -> None:
    """All jobs of a broken pool fail alike, and one new pool serves what comes after."""
    pool = DecodingPool(2)
    jobs = [pool.run(os._exit, 1), *(pool.run(time.sleep, 30) for _ in range(3))]
    results = await asyncio.gather(*jobs, return_exceptions=True)
    assert [type(result) for result in results] == [EngineUnavailable] * 4
    assert await pool.run(os.getpid) != os.getpid()
    await pool.aclose()


@pytest.mark.asyncio
async def test_an_engine_error_is_a_failure_of_the_engine() -> None:
    """What goes wrong inside the engine reaches the caller as a recognition error."""
    pool = DecodingPool(1)
    with pytest.raises(EngineUnavailable):
        await pool.run(int, "not a number")
    await pool.aclose()


@pytest.mark.asyncio
async def test_a_closed_pool_leaves_no_process() -> None:
    """After closing, the process is gone and no job is taken."""
    pool = DecodingPool(1)
    process = await pool.run(os.getpid)
    await pool.aclose()
    assert not is_running(process)
    with pytest.raises(EngineUnavailable):
        await pool.run(os.getpid)


def test_the_processes_die_with_a_killed_parent(tmp_path: Path) -> None:
    """Even a parent that has no time to clean up leaves no orphan behind."""
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[4])}
    parent = subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, env=environment, text=True
    )
    with parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        parent.kill()
        # The worker holds the pipe open too: its end is read when the last process lets go of it.
        assert parent.stdout.read() == ""
    deadline = time.monotonic() + SOON
    while is_running(worker) and time.monotonic() < deadline:
        time.sleep(0.01)  # a process closes its files before it is gone
    assert not is_running(worker)


def is_running(process: int) -> bool:
    """Say whether a process runs; a zombie that nobody has collected yet does not."""
    try:
        state = Path(f"/proc/{process}/stat").read_text()
    except FileNotFoundError:
        return False
    return state.rpartition(")")[2].split()[0] != "Z"
