"""How the process that holds a phone's line is found."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
import redis
from channels.layers import get_channel_layer
from django.test import override_settings

from calls.phone import exchange
from calls.phone.exchange import NoAnswer, Post, ask, call_group, number_group, tell
from tests.waiting import SOON

pytestmark = [pytest.mark.asyncio, pytest.mark.channel_layer]


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have lines waited for as long as they take, unless a test is about one that is silent."""
    monkeypatch.setattr(exchange, "ANSWER_SECONDS", SOON)
    monkeypatch.setattr(exchange, "JOIN_SECONDS", SOON)


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
    await asyncio.sleep(0)  # one that was cancelled before it ran would not leave its groups
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


# --- A channel layer on Redis -------------------------------------------------------------------

PREFIX = "test-exchange"


@pytest.fixture
def on_redis(redis_url: str) -> Iterator[redis.Redis]:
    """Have the channel layer on Redis; give a client that looks at it."""
    backend = "channels_redis.pubsub.RedisPubSubChannelLayer"
    config = {"hosts": [redis_url], "prefix": PREFIX}
    layers = {"default": {"BACKEND": backend, "CONFIG": config}}
    with override_settings(CHANNEL_LAYERS=layers), redis.Redis.from_url(redis_url) as client:
        yield client


def subscribed(client: redis.Redis) -> int:
    """Count the channels to which somebody is subscribed."""
    return len(client.pubsub_channels(f"{PREFIX}*"))


async def subscriptions_are(count: int, client: redis.Redis) -> None:
    """Wait until so many are left: a process goes on before Redis has taken one away."""
    async with asyncio.timeout(SOON):
        # Redis tells nobody, so there is no event to wait for.
        while subscribed(client) != count:  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def test_question_leaves_nothing_behind(on_redis: redis.Redis) -> None:
    """Nor does a line that is closed: a process asks as long as it lives."""
    async with post(call_group("CA1")):
        await subscriptions_are(2, on_redis)  # its own and that of its group
        for _ in range(3):
            await ask(call_group("CA1"), {"do": "x"})
        await subscriptions_are(2, on_redis)
    await subscriptions_are(0, on_redis)


async def test_question_without_an_answer_leaves_nothing_behind(
    on_redis: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those are many where somebody asks for calls that are over."""
    monkeypatch.setattr(exchange, "ANSWER_SECONDS", 0.1)
    with pytest.raises(NoAnswer):
        await ask(call_group("CA1"), {"do": "x"})
    await subscriptions_are(0, on_redis)


# --- A channel layer that fails -----------------------------------------------------------------


async def test_line_is_found_again_however_often_its_layer_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It tries until it is in its groups again."""
    monkeypatch.setattr(exchange, "AGAIN_SECONDS", 0.01)
    monkeypatch.setattr(exchange, "ANSWER_SECONDS", 0.1)
    layer = get_channel_layer()
    is_up = asyncio.Event()
    failures: asyncio.Queue[str] = asyncio.Queue()
    send, group_add = layer.send, layer.group_add

    async def send_unless_down(channel: str, message: Mapping[str, Any]) -> None:
        is_answer = "to" not in message
        if is_answer and not is_up.is_set():
            failures.put_nowait("send")
            raise ConnectionError
        await send(channel, message)

    async def add_unless_down(group: str, channel: str) -> None:
        if not is_up.is_set():
            failures.put_nowait("group_add")
            raise ConnectionError
        await group_add(group, channel)

    async with post(call_group("CA1")):
        monkeypatch.setattr(layer, "send", send_unless_down)
        monkeypatch.setattr(layer, "group_add", add_unless_down)
        question = {"type": "phone", "letter": {"do": "x"}, "to": "somebody"}
        async with asyncio.timeout(SOON):
            await layer.group_send(call_group("CA1"), question)
            assert [await failures.get() for _ in range(3)] == ["send", "group_add", "group_add"]
            is_up.set()
            while True:
                with suppress(NoAnswer):
                    assert await ask(call_group("CA1"), {"do": "x"}) == {"echo": {"do": "x"}}
                    return


async def test_line_that_could_not_join_all_its_groups_is_in_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its call was not placed, so nobody would answer."""
    layer = get_channel_layer()
    add = layer.group_add

    async def fails_once_joined(group: str, channel: str) -> None:
        if layer.groups:
            raise ConnectionError
        await add(group, channel)

    monkeypatch.setattr(layer, "group_add", fails_once_joined)
    with pytest.raises(NoAnswer):
        await Post([call_group("CA1"), number_group("+31201234567")], lambda letter: letter).join()
    assert layer.groups == {}
