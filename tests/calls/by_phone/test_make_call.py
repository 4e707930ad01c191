"""A call to the product as `make call` holds and prints it."""

import io
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

from calls.simulator.console import Console
from calls.simulator.conversation import Conversation
from calls.simulator.options import Clip, Options
from chatbot.models import Bot
from tests.calls.by_phone.conftest import Phone
from tests.calls.by_phone.ear import SYNTHESIZER
from tests.calls.by_phone.teaching import configure
from tests.calls.speech.spelling import spell

pytestmark = [pytest.mark.asyncio, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="session")
def speaking_server(start_server: Callable[..., Phone]) -> Phone:
    return start_server(SYNTHESIZER=SYNTHESIZER)


async def printed(phone: Phone, *words: str) -> list[str]:
    """Hold a conversation of these words; return the printed lines without their times."""
    out = io.StringIO()
    clips = tuple(Clip(f"{word}.wav", spell(word)) for word in words)
    port = urlsplit(phone.api_url).port or 0
    async with phone.twilio() as twilio:
        options = Options(phone.server.url, phone.account, port, clips)
        await Conversation(twilio, options, Console(out)).run()
    return [line[9:] for line in out.getvalue().splitlines()]


@pytest.mark.parametrize("line", [Bot.Line.SAY, Bot.Line.STREAM])
async def test_call_is_printed_turn_by_turn(bot: Bot, speaking_server: Phone, line: str) -> None:
    """Who said what, however the caller hears the bot."""
    await configure(line=line)
    lines = await printed(speaking_server, "hello", "goodbye")
    told = [line for line in lines if line[:6].strip()]
    begins = [
        "Bot     How can I help you?",
        "Caller  hello.wav (0.1 s)",
        'Heard   "hello"',
        "Bot     Hi, how are you?",
        "Caller  goodbye.wav (0.1 s)",
        'Heard   "goodbye"',
        "Bot     Nice talking to you.",
    ]
    for printed_line, begin in zip(told, begins, strict=False):
        assert printed_line.startswith(begin)
    assert "the bot hung up" in " ".join(lines)
    assert "2 spoken, 2 heard, 0 lost" in " ".join(lines)
    ends = [line for line in lines if "heard to its end" in line]
    assert len(ends) == (3 if line == Bot.Line.STREAM else 0)
