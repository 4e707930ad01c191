"""A call that goes on for too long though no turn comes to its end."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from calls import conversation as talk
from calls import time_limit
from calls.time_limit import TimeLimit
from tests.calls.test_session import OPENED
from tests.waiting import SOON

pytestmark = pytest.mark.asyncio


def long_ago() -> datetime:
    """Return when a call began whose time is over now."""
    return timezone.now() - timedelta(minutes=OPENED.script.max_minutes)


async def test_end_of_the_time_is_reported() -> None:
    """As a silence, which the dialogue answers with its limit."""
    posted: asyncio.Queue[talk.Event] = asyncio.Queue()
    limit = TimeLimit(long_ago(), lambda: OPENED.script, posted.put_nowait)
    limit.start()
    assert await asyncio.wait_for(posted.get(), SOON) == talk.SilenceElapsed()
    limit.stop()


async def test_end_of_the_time_is_reported_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first time the bot may have been speaking."""
    monkeypatch.setattr(time_limit, "AGAIN_SECONDS", 0.01)
    posted: asyncio.Queue[talk.Event] = asyncio.Queue()
    limit = TimeLimit(long_ago(), lambda: OPENED.script, posted.put_nowait)
    limit.start()
    for _ in range(2):
        await asyncio.wait_for(posted.get(), SOON)
    limit.stop()


async def test_minutes_that_the_editor_adds_during_the_call_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing is reported while the bot, as it was last read, allows more."""
    monkeypatch.setattr(time_limit, "AGAIN_SECONDS", 0.01)
    posted: asyncio.Queue[talk.Event] = asyncio.Queue()
    longer = replace(OPENED.script, max_minutes=OPENED.script.max_minutes + 1)
    scripts = iter([OPENED.script, longer, longer])
    asked = asyncio.Event()

    def script() -> object:
        asked.set()
        return next(scripts)

    limit = TimeLimit(long_ago(), script, posted.put_nowait)  # type: ignore[arg-type]
    limit.start()
    asked.clear()
    await asyncio.wait_for(asked.wait(), SOON)
    limit.stop()
    assert posted.empty()
