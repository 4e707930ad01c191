"""Keys that a caller presses where he hears audio of our own."""

import pytest

from calls.simulator.stream_messages import Clear
from chatbot.models import Bot
from tests.calls.by_phone.conftest import Phone, recorded, transcript
from tests.calls.by_phone.ear import picked_up
from tests.calls.by_phone.teaching import teach

pytestmark = [pytest.mark.asyncio, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def speaking(bot: Bot, speaking_server: Phone) -> Phone:
    bot.line = Bot.Line.STREAM
    bot.greeting = "Press one for opening hours, two for the rest. " * 10
    bot.save()
    return speaking_server


async def test_key_interrupts_the_menu_and_is_answered(speaking: Phone) -> None:
    """Whoever knows the menu need not hear it out."""
    await teach("1", "We are open from nine to five.")
    async with speaking.twilio() as twilio:
        call, ear = await picked_up(speaking, twilio)
        await call.press("1")
        await ear.until(Clear)
        assert await ear.hears() == "We are open from nine to five."
        await call.hang_up()
        await recorded(call.sid, lambda call: call.is_over)
    assert ("caller", "1") in await transcript(call.sid)
