"""Each text is spoken once, for all calls and all processes."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from functools import partial
from typing import TypeVar
from unittest.mock import patch

import pytest
import pytest_asyncio
from django.db import OperationalError, connections
from django.utils import timezone

from calls.models import Render, RenderAttempt
from calls.store import Store
from calls.voice import renders as module
from calls.voice.renders import Renders
from calls.voice.synthesizer import SynthesizerRefused, SynthesizerUnavailable
from tests.calls.voice.scripted import ScriptedSynthesizer, heard
from tests.chatbot.bots import make_script

pytestmark = [pytest.mark.asyncio, pytest.mark.django_db(transaction=True)]

SCRIPT = make_script()

T = TypeVar("T")


class Process:
    """What one process has: an engine, threads for the database, and renders."""

    def __init__(self, memory_bytes: int = 1000) -> None:
        self.synthesizer = ScriptedSynthesizer()
        self.store = Store(1)
        self.missing: list[int] = []
        self.renders = Renders(
            self.synthesizer, self.store, self.missing.append, memory_bytes=memory_bytes
        )

    async def hear(self, text: str) -> bytes:
        return await heard(self.renders.audio(SCRIPT, text))

    async def settle(self) -> None:
        """Wait until what was begun is done, records and all."""
        while tasks := self.renders._tasks:
            await asyncio.wait(tasks)

    async def ask(self, job: Callable[[], T]) -> T:
        """Look into the database."""
        return await self.store.run(job)

    async def stop(self) -> None:
        await self.renders.aclose()
        await self.store.run(connections.close_all)
        self.store.close()


@pytest_asyncio.fixture
async def process() -> AsyncIterator[Process]:
    process = Process()
    yield process
    await process.stop()


@pytest_asyncio.fixture
async def other() -> AsyncIterator[Process]:
    """A second process on the same database."""
    other = Process()
    yield other
    await other.stop()


# --- Once -------------------------------------------------------------------------------------


async def test_text_is_spoken_once(process: Process) -> None:
    """And from then on it comes from memory."""
    assert await process.hear("Welcome.") == b"Welcome."
    assert await process.hear("Welcome.") == b"Welcome."
    assert process.synthesizer.spoken == ["Welcome."]


async def test_render_is_there_for_other_processes(process: Process, other: Process) -> None:
    await process.hear("Welcome.")
    await process.settle()
    assert await other.hear("Welcome.") == b"Welcome."
    assert other.synthesizer.spoken == []


async def test_render_that_left_the_memory_comes_from_the_database() -> None:
    process = Process(memory_bytes=10)
    for text in ("Welcome.", "Pardon?", "Welcome."):
        await process.hear(text)
        await process.settle()
    assert process.synthesizer.spoken == ["Welcome.", "Pardon?"]
    await process.stop()


async def test_memory_answers_without_letting_others_run(process: Process) -> None:
    """The first piece is there before the event loop turns once."""
    await process.hear("Welcome.")
    await process.settle()
    first_piece = anext(aiter(process.renders.audio(SCRIPT, "Welcome.")))
    with pytest.raises(StopIteration) as stopped:
        first_piece.__await__().send(None)
    assert stopped.value.value == b"Welcome."


async def test_text_with_captured_values_is_not_kept(process: Process) -> None:
    """It tells of the caller; in memory it is said again until the process goes."""
    await process.hear("Thank you, Ann.")
    await process.settle()
    assert not await process.ask(Render.objects.exists)
    assert await process.hear("Thank you, Ann.") == b"Thank you, Ann."
    assert process.synthesizer.spoken == ["Thank you, Ann."]


async def test_bot_whose_render_was_missing_is_named(process: Process, other: Process) -> None:
    """Its other replies are probably missing too: a text that is not kept tells nothing."""
    for each, text in ((process, "Thank you, Ann."), (process, "Welcome."), (other, "Welcome.")):
        await each.hear(text)
        await each.settle()
    assert process.missing == [SCRIPT.bot_id]
    assert other.missing == []


# --- Several listeners ------------------------------------------------------------------------


async def test_second_listener_shares_the_synthesis(process: Process) -> None:
    """It gets the pieces so far at once, and then the rest together with the first."""
    engine = process.synthesizer.take("Welcome.")
    first = process.renders.audio(SCRIPT, "Welcome.")
    engine.say(b"one")
    assert await anext(first) == b"one"
    second = process.renders.audio(SCRIPT, "Welcome.")
    assert await anext(second) == b"one"
    engine.say(b"two")
    engine.end()
    assert (await heard(first), await heard(second)) == (b"two", b"two")
    assert process.synthesizer.spoken == ["Welcome."]


async def test_listener_who_goes_away_leaves_the_others_theirs(process: Process) -> None:
    engine = process.synthesizer.take("Welcome.")
    leaving = asyncio.create_task(heard(process.renders.audio(SCRIPT, "Welcome.")))
    staying = asyncio.create_task(heard(process.renders.audio(SCRIPT, "Welcome.")))
    engine.say(b"one")
    await engine.asked.wait()
    leaving.cancel()
    await asyncio.wait({leaving})
    engine.end()
    assert await staying == b"one"


async def test_render_is_kept_where_nobody_waited_for_its_end(process: Process) -> None:
    """The next caller has it."""
    engine = process.synthesizer.take("Welcome.")
    leaving = asyncio.create_task(heard(process.renders.audio(SCRIPT, "Welcome.")))
    await engine.asked.wait()
    leaving.cancel()
    engine.say(b"one")
    engine.end()
    await process.settle()
    assert bytes((await process.ask(Render.objects.get)).audio) == b"one"


async def test_missing_render_does_not_hold_up_another(process: Process) -> None:
    process.synthesizer.take("Welcome.")
    waiting = asyncio.create_task(process.hear("Welcome."))
    assert await process.hear("Pardon?") == b"Pardon?"
    assert not waiting.done()
    waiting.cancel()


async def test_two_processes_may_speak_a_text_at_the_same_time(
    process: Process, other: Process
) -> None:
    """The render that is kept first stays."""
    engines = [each.synthesizer.take("Welcome.") for each in (process, other)]
    hearing = [asyncio.create_task(each.hear("Welcome.")) for each in (process, other)]
    for engine in engines:
        await engine.asked.wait()
    engines[0].say(b"one")
    engines[0].end()
    await hearing[0]
    await process.settle()
    engines[1].say(b"two")
    engines[1].end()
    assert await hearing[1] == b"two"
    await other.settle()
    assert bytes((await process.ask(Render.objects.get)).audio) == b"one"


# --- Faults -----------------------------------------------------------------------------------


async def test_failed_synthesis_is_raised_to_all_who_wait(process: Process) -> None:
    engine = process.synthesizer.take("Welcome.")
    hearing = [asyncio.create_task(process.hear("Welcome.")) for _ in range(2)]
    await engine.asked.wait()
    engine.fail(SynthesizerUnavailable("The engine is overloaded."))
    for task in hearing:
        with pytest.raises(SynthesizerUnavailable, match="overloaded"):
            await task


async def test_failed_synthesis_is_not_kept(process: Process) -> None:
    """Half a sentence is worth nothing; the next listener has it spoken anew."""
    engine = process.synthesizer.take("Welcome.")
    engine.say(b"half")
    engine.fail(SynthesizerRefused("There is no such voice."))
    with pytest.raises(SynthesizerRefused):
        await process.hear("Welcome.")
    await process.settle()
    assert not await process.ask(Render.objects.exists)
    assert (await process.ask(RenderAttempt.objects.get)).problem == "There is no such voice."
    del process.synthesizer.by_hand["Welcome."]
    assert await process.hear("Welcome.") == b"Welcome."
    await process.settle()
    assert not await process.ask(RenderAttempt.objects.exists)


async def test_broken_engine_counts_as_unavailable(process: Process) -> None:
    """Whatever it raises."""
    process.synthesizer.errors["Welcome."] = ZeroDivisionError()
    with pytest.raises(SynthesizerUnavailable):
        await process.hear("Welcome.")


async def test_engine_that_returns_nothing_has_failed(process: Process) -> None:
    process.synthesizer.take("Welcome.").end()
    with pytest.raises(SynthesizerUnavailable, match="no audio"):
        await process.hear("Welcome.")
    await process.settle()
    assert not await process.ask(Render.objects.exists)


async def test_database_that_is_gone_costs_no_reply(process: Process) -> None:
    """The engine speaks, and the process remembers."""
    gone = OperationalError("gone")
    with (
        patch.object(module, "render_find", side_effect=gone),
        patch.object(module, "render_keep", side_effect=gone),
    ):
        assert await process.hear("Welcome.") == b"Welcome."
        await process.settle()
    assert await process.hear("Welcome.") == b"Welcome."
    assert process.synthesizer.spoken == ["Welcome."]


async def test_who_waits_when_the_process_stops_is_told(process: Process) -> None:
    engine = process.synthesizer.take("Welcome.")
    hearing = asyncio.create_task(process.hear("Welcome."))
    await engine.asked.wait()
    await process.renders.aclose()
    with pytest.raises(SynthesizerUnavailable, match="stopping"):
        await hearing


# --- Use --------------------------------------------------------------------------------------


async def test_use_is_noted_once_a_day(process: Process) -> None:
    await process.hear("Welcome.")
    await process.settle()
    recent, old = (timezone.now() - timedelta(hours=hours) for hours in (23, 25))
    for used_at in (recent, old):
        await process.ask(partial(Render.objects.update, used_at=used_at))
        fresh = Process()
        await fresh.hear("Welcome.")
        await fresh.stop()
        is_noted = (await process.ask(Render.objects.get)).used_at > used_at
        assert is_noted == (used_at == old)


async def test_use_out_of_memory_is_noted_too(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A render that is heard every day is never deleted as unused."""
    await process.hear("Welcome.")
    await process.settle()
    old = timezone.now() - timedelta(days=2)
    await process.ask(lambda: Render.objects.update(used_at=old))
    monkeypatch.setattr(module, "CHECK_SECONDS", 0.0)
    await process.hear("Welcome.")
    await process.settle()
    assert (await process.ask(Render.objects.get)).used_at > old


async def test_render_made_anew_elsewhere_is_taken_over(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the second use after a while: the first one must not wait for the database."""
    await process.hear("Welcome.")
    await process.settle()
    await process.ask(lambda: Render.objects.update(audio=b"anew", rendered_at=timezone.now()))
    assert await process.hear("Welcome.") == b"Welcome."
    monkeypatch.setattr(module, "CHECK_SECONDS", 0.0)
    assert await process.hear("Welcome.") == b"Welcome."
    await process.settle()
    assert await process.hear("Welcome.") == b"anew"
