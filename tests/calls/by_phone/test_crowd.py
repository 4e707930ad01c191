"""Many calls at once on one process."""

import asyncio

import pytest
from channels.db import database_sync_to_async

from calls.simulator import Twilio
from chatbot.models import Bot, Intent, Keyword, Reply
from tests.calls.by_phone.conftest import Phone, answered, transcript
from tests.calls.speech.spelling import spell
from tests.waiting import SOON

pytestmark = [pytest.mark.asyncio, pytest.mark.django_db(transaction=True)]

CALLERS = 30
ROUNDS = 3


@database_sync_to_async
def teach(bot: Bot) -> None:
    """Give every caller an intent of his own, and none a reason to be asked whether he is there."""
    bot.silence_seconds = 60
    bot.save()
    for number in range(CALLERS):
        intent = Intent.objects.create(bot=bot, name=f"caller {number}")
        Keyword.objects.create(intent=intent, text=f"i am caller {number}")
        Reply.objects.create(intent=intent, text=f"You are caller {number}.")


async def converse(phone: Phone, twilio: Twilio, number: int) -> str:
    call = await answered(phone, twilio, f"+3120000{number:04}")
    for _ in range(ROUNDS):
        await call.say(spell(f"i am caller {number}"))
        said = await call.next_said(SOON)
        assert said.text == f"You are caller {number}."
    await call.say(spell("goodbye"))
    assert (await call.next_said(SOON)).text == "Nice talking to you."
    await call.ended(SOON)
    return call.sid


async def test_thirty_callers_each_hear_the_answer_to_their_own_words(
    phone: Phone, bot: Bot
) -> None:
    """None hears another's, and no turn is lost."""
    await teach(bot)
    async with phone.twilio() as twilio:
        sids = await asyncio.gather(*(converse(phone, twilio, number) for number in range(CALLERS)))
    for number, sid in enumerate(sids):
        said = [f"i am caller {number}", f"You are caller {number}."] * ROUNDS
        goodbye = ["goodbye", "Nice talking to you."]
        texts = [text for _, text in await transcript(sid)]
        assert texts == ["How can I help you?", *said, *goodbye]
