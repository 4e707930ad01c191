"""A call in which an offline voice speaks, from a process that the server starts."""

from collections.abc import Callable

import pytest

from calls.simulator.stream_messages import Mark
from chatbot.models import Bot
from tests.calls.by_phone.conftest import Phone
from tests.calls.by_phone.ear import picked_up

pytestmark = [pytest.mark.asyncio, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="session")
def speaking_server(start_server: Callable[..., Phone], offline_voices: None) -> Phone:
    return start_server(SYNTHESIZER="offline")


@pytest.fixture
def speaking(bot: Bot, speaking_server: Phone) -> Phone:
    """A number whose bot speaks with an offline voice."""
    bot.line = Bot.Line.STREAM
    bot.save()
    return speaking_server


async def test_caller_hears_an_offline_voice(speaking: Phone) -> None:
    """The greeting takes a second or two, and is heard to its end."""
    async with speaking.twilio() as twilio:
        call, ear = await picked_up(speaking, twilio)
        audio = b"".join(await ear.until(Mark))
        await call.hang_up()
    assert 6_000 < len(audio) < 24_000
    assert len(set(audio)) > 50
