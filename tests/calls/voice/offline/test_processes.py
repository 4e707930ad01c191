"""The processes that speak: few, kept, replaced."""

import asyncio
import os
import signal
import textwrap
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from calls.voice.offline import processes
from calls.voice.offline.processes import SpeakingProcesses
from calls.voice.offline.wire import Job
from calls.voice.synthesizer import SynthesizerRefused, SynthesizerUnavailable
from tests.waiting import SOON

WORKER = """
    import os, sys, threading, time
    from calls.voice.offline.wire import Kind, read_job, write_answer

    for line in sys.stdin.buffer:
        text = read_job(line).text
        if text == "die":
            os._exit(1)
        if text == "hang":
            threading.Event().wait()
        if text == "nonsense":
            sys.stdout.buffer.write(b"what?" * 9)
            sys.stdout.buffer.flush()
        if text == "slow":
            time.sleep(0.3)
        kind = Kind[text.upper()] if text in ("refused", "failed") else Kind.AUDIO
        body = os.environ.get("SECRET_KEY", "") if text == "secret" else str(os.getpid())
        sys.stdout.buffer.write(write_answer(kind, body.encode()))
        sys.stdout.buffer.flush()
"""
ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture(autouse=True)
def _scripted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Have a script that obeys its texts answer in the place of a voice: each with its number."""
    (tmp_path / "scripted_worker.py").write_text(
        f"import sys\nsys.path.insert(0, {str(ROOT)!r})\n{textwrap.dedent(WORKER)}"
    )
    monkeypatch.setattr(processes, "_ROOT", tmp_path)
    monkeypatch.setattr(processes, "_MODULE", "scripted_worker")


@asynccontextmanager
async def speaking(number: int = 1) -> AsyncIterator[SpeakingProcesses]:
    speakers = SpeakingProcesses("hibari", number)
    try:
        yield speakers
    finally:
        await speakers.aclose()


async def say(speakers: SpeakingProcesses, text: str) -> bytes:
    return await speakers.speak(Job(text, "en-US"))


def is_alive(process: bytes) -> bool:
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.asyncio
async def test_process_is_kept_for_the_next_job() -> None:
    """Starting one takes a second."""
    async with speaking() as speakers:
        assert await say(speakers, "one") == await say(speakers, "two")


@pytest.mark.asyncio
async def test_no_more_than_so_many_processes() -> None:
    """Jobs wait for their turn."""
    async with speaking(2) as speakers:
        answers = await asyncio.gather(*(say(speakers, "slow") for _ in range(6)))
        assert len(set(answers)) == 2


@pytest.mark.asyncio
async def test_secrets_stay_with_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engines are the work of others."""
    monkeypatch.setenv("SECRET_KEY", "secret")
    async with speaking() as speakers:
        assert await say(speakers, "secret") == b""


@pytest.mark.asyncio
@pytest.mark.parametrize("text", ["die", "nonsense"])
async def test_process_that_fails_is_replaced(text: str) -> None:
    """One job is lost, and the next is done."""
    async with speaking() as speakers:
        first = await say(speakers, "one")
        with pytest.raises(SynthesizerUnavailable, match="lost its process"):
            await say(speakers, text)
        assert await say(speakers, "two") != first
        assert not is_alive(first)


@pytest.mark.asyncio
async def test_process_that_was_killed_between_jobs_is_replaced() -> None:
    """No job is lost."""
    async with speaking() as speakers:
        first = await say(speakers, "one")
        os.kill(int(first), signal.SIGKILL)
        async with asyncio.timeout(SOON):
            while speakers._idle[0].is_running:  # noqa: ASYNC110 - asyncio reaps it when it can
                await asyncio.sleep(0.01)
        assert await say(speakers, "two") != first


@pytest.mark.asyncio
async def test_process_that_hangs_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    """After ANSWER_SECONDS."""
    async with speaking() as speakers:
        first = await say(speakers, "one")
        monkeypatch.setattr(processes, "ANSWER_SECONDS", 0.3)
        with pytest.raises(SynthesizerUnavailable, match="did not answer within"):
            await say(speakers, "hang")
        assert not is_alive(first)


@pytest.mark.asyncio
async def test_job_that_nobody_waits_for_is_finished() -> None:
    """Its process is there for the next."""
    async with speaking() as speakers:
        first = await say(speakers, "one")
        task = asyncio.create_task(say(speakers, "slow"))
        await asyncio.sleep(0.1)
        task.cancel()
        assert await say(speakers, "two") == first


@pytest.mark.asyncio
async def test_job_that_nobody_waits_for_and_hangs_is_killed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No process is held by a caller who is gone."""
    async with speaking() as speakers:
        first = await say(speakers, "one")
        monkeypatch.setattr(processes, "ANSWER_SECONDS", 2)
        task = asyncio.create_task(say(speakers, "hang"))
        await asyncio.sleep(0.1)
        task.cancel()
        await asyncio.gather(*speakers._jobs, return_exceptions=True)
        assert not is_alive(first)


@pytest.mark.asyncio
async def test_job_that_waits_too_long_for_its_turn_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The message names the setting."""
    async with speaking() as speakers:
        await say(speakers, "one")
        task = asyncio.create_task(say(speakers, "slow"))
        await asyncio.sleep(0)
        monkeypatch.setattr(processes, "ANSWER_SECONDS", 0.05)
        with pytest.raises(SynthesizerUnavailable, match="OFFLINE_PROCESSES"):
            await say(speakers, "two")
        await asyncio.wait([task])


@pytest.mark.asyncio
async def test_refusal_is_told_from_failure() -> None:
    """Trying again helps only one of them."""
    async with speaking() as speakers:
        with pytest.raises(SynthesizerRefused):
            await say(speakers, "refused")
        with pytest.raises(SynthesizerUnavailable, match="failed"):
            await say(speakers, "failed")


@pytest.mark.asyncio
async def test_closing_ends_processes_and_jobs() -> None:
    """Nothing is left running."""
    async with speaking(2) as speakers:
        first = await say(speakers, "one")
        task = asyncio.create_task(say(speakers, "hang"))
        await asyncio.sleep(0.1)
        await speakers.aclose()
        assert not is_alive(first)
        with pytest.raises(asyncio.CancelledError):
            await task
        with pytest.raises(SynthesizerUnavailable, match="closed"):
            await say(speakers, "two")
