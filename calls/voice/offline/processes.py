"""The processes that speak with one voice: few, kept, and replaced when one of them fails."""

import asyncio
import logging
import os
import sys
from pathlib import Path

from calls.voice.offline.wire import HEADER_BYTES, Job, Kind, read_header, write_job
from calls.voice.synthesizer import SynthesizerRefused, SynthesizerUnavailable

logger = logging.getLogger(__name__)

ANSWER_SECONDS = 10.0
"""How long a job may wait for its turn, and then for its answer; both take milliseconds."""

_MODULE = "calls.voice.offline.worker"
_ROOT = Path(__file__).resolve().parents[3]
_ENVIRONMENT = ("HOME", "LANG", "LD_LIBRARY_PATH", "OPENBLAS_CORETYPE", "PATH", "VIRTUAL_ENV")
"""All that a process is told of ours: the engines are the work of others, and need no secrets."""


class SpeakingProcesses:
    """A bounded number of processes of one voice, started when they are needed."""

    def __init__(self, voice: str, number: int) -> None:
        self._voice = voice
        self._turns = asyncio.Semaphore(number)
        self._idle: list[_Process] = []
        self._jobs: set[asyncio.Task[bytes]] = set()
        self._closed = False

    async def speak(self, job: Job) -> bytes:
        """Return the audio of a job. Raises a SynthesisError.

        A job whose caller is gone is finished all the same, which takes milliseconds, where a new
        process takes a second; what is not finished in time goes with its process.
        """
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await self._turns.acquire()
        except TimeoutError:
            raise SynthesizerUnavailable(
                f"the offline voice “{self._voice}” has too few processes for the calls of this "
                "server: raise OFFLINE_PROCESSES"
            ) from None
        task = asyncio.create_task(self._do(job), name=f"speak-{self._voice}")
        self._jobs.add(task)
        task.add_done_callback(self._done)
        return await asyncio.shield(task)

    async def aclose(self) -> None:
        """End the processes; jobs that are being done fail."""
        self._closed = True
        for task in self._jobs:
            task.cancel()
        await asyncio.gather(*self._jobs, return_exceptions=True)
        idle, self._idle = self._idle, []
        for process in idle:
            await process.end()

    def _done(self, task: asyncio.Task[bytes]) -> None:
        self._turns.release()
        self._jobs.discard(task)
        if not task.cancelled():
            # Marks a failure that nobody waits for any more as seen.
            task.exception()

    async def _do(self, job: Job) -> bytes:
        if self._closed:
            raise SynthesizerUnavailable("the offline voices are closed")
        process = self._take_idle() or await _Process.start(self._voice)
        is_sound = False
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                kind, body = await process.answer(job)
            is_sound = True
        except TimeoutError:
            raise self._unavailable(f"did not answer within {ANSWER_SECONDS:g} s") from None
        except (OSError, EOFError, ValueError) as error:
            raise self._unavailable("lost its process") from error
        finally:
            if is_sound and not self._closed:
                self._idle.append(process)
            else:
                await process.end()
        match kind:
            case Kind.AUDIO:
                return body
            case Kind.REFUSED:
                raise SynthesizerRefused(body.decode())
            case Kind.FAILED:
                raise self._unavailable(f"failed: {body.decode()}")

    def _take_idle(self) -> "_Process | None":
        while self._idle:
            process = self._idle.pop()
            if process.is_running:
                return process
        return None

    def _unavailable(self, what: str) -> SynthesizerUnavailable:
        message = f"the offline voice “{self._voice}” {what}"
        logger.error("Speech: %s", message)
        return SynthesizerUnavailable(message)


class _Process:
    """One process, which does one job at a time."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def start(cls, voice: str) -> "_Process":
        environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            _MODULE,
            voice,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            # An engine may quote there what it speaks.
            stderr=asyncio.subprocess.DEVNULL,
            cwd=_ROOT,
            env={**environment, "OPENBLAS_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"},
        )
        return cls(process)

    @property
    def is_running(self) -> bool:
        return self._process.returncode is None

    async def answer(self, job: Job) -> tuple[Kind, bytes]:
        """Raises OSError, EOFError or ValueError where the process is not what it was."""
        if self._process.stdin is None or self._process.stdout is None:
            raise EOFError
        self._process.stdin.write(write_job(job))
        await self._process.stdin.drain()
        kind, length = read_header(await self._process.stdout.readexactly(HEADER_BYTES))
        return kind, await self._process.stdout.readexactly(length)

    async def end(self) -> None:
        if self.is_running:
            self._process.kill()
        await self._process.wait()
