"""How the process that holds a phone's line is found."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest

from calls.phone import exchange
from calls.phone.exchange import NoAnswer, Post, ask, call_group, number_group, tell
from tests.waiting import SOON

pytestmark = pytest.mark.asyncio


@asynccontextmanager
async def post(
    *groups: str, told: asyncio.Queue[Mapping[str, Any]] | None = None
) -> AsyncIterator[None]:
    """Hold a line that answers with what it was asked, and notes it."""

    def answer(letter: Mapping[str, Any]) -> Mapping[str, Any]:
        if told is not None:
            told.put_nowait(letter)
        return {"echo": letter}

    line = Post(groups, answer)
    await line.join()
    serving = asyncio.create_task(line.serve())
    yield
    serving.cancel()
    await asyncio.wait({serving})


async def test_line_answers_what_it_is_asked() -> None:
    """By the group of its call."""
    async with post(call_group("CA1")):
        assert await ask(call_group("CA1"), {"do": "x"}) == {"echo": {"do": "x"}}


async def test_line_of_another_call_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor does anybody else."""
    monkeypatch.setattr(exchange, "ANSWER_SECONDS", 0.1)
    async with post(call_group("CA1")):
        with pytest.raises(NoAnswer):
            await ask(call_group("CA2"), {"do": "x"})


async def test_line_that_was_closed_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """It has left its groups."""
    monkeypatch.setattr(exchange, "ANSWER_SECONDS", 0.1)
    async with post(call_group("CA1")):
        pass
    with pytest.raises(NoAnswer):
        await ask(call_group("CA1"), {"do": "x"})


async def test_all_lines_of_a_number_are_told() -> None:
    """Two phones may have the same."""
    group = number_group("+31201234567")
    told: asyncio.Queue[Mapping[str, Any]] = asyncio.Queue()
    async with post(call_group("CA1"), group, told=told), post(group, told=told):
        await tell(group, {"do": "text"})
        async with asyncio.timeout(SOON):
            assert [await told.get() for _ in range(2)] == [{"do": "text"}] * 2
