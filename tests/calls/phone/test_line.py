"""Whole calls of the phone, over the sockets and webhooks of a real server."""

import pytest

from calls.models import Call
from chatbot.models import Bot
from tests.calls.by_phone.conftest import recorded, transcript
from tests.calls.phone.page import phone_page
from tests.server import Server
from tests.waiting import SOON

pytestmark = [pytest.mark.asyncio, pytest.mark.django_db(transaction=True)]


async def test_call_is_held_from_the_greeting_to_the_goodbye(
    bot: Bot, cookie: str, shared_server: Server
) -> None:
    """The starter bot's texts are told to the page, which speaks them."""
    async with phone_page(shared_server, cookie) as page:
        await page.dial()
        assert (await page.next("say"))["text"] == "How can I help you?"
        await page.say("hello")
        assert (await page.next("say"))["text"] == "Hi, how are you?"
        await page.say("goodbye")
        assert (await page.next("say"))["text"] == "Nice talking to you."
        assert (await page.next("ended"))["reason"] == "the bot hung up"
        assert await page.closed(SOON) == 1000
        record = await recorded(page.sid, lambda call: call.is_over)
    assert record.outcome == Call.Outcome.BOT_HUNG_UP
    assert [role for role, _ in await transcript(page.sid)] == ["bot", *["caller", "bot"] * 2]
