"""Whole calls: the product's server process, real sockets, Twilio played by the simulator."""

import pytest

from calls.models import Call
from tests.calls.conftest import Phone, recorded, transcript
from tests.calls.speech.spelling import spell

pytestmark = [pytest.mark.asyncio, pytest.mark.django_db(transaction=True)]


async def test_call_is_answered_turn_by_turn_and_ended_at_goodbye(phone: Phone) -> None:
    """The starter bot's whole conversation, from the greeting to the hang-up."""
    async with phone.twilio() as twilio:
        call = await phone.ring(twilio)
        assert (await call.next_said(5)).text == "How can I help you?"
        await call.stream_open(5)
        for said, answer in [
            ("hello", "Hi, how are you?"),
            ("good", "Nice, I am happy for you."),
            ("what is the weather", "Sorry, I did not understand that. Could you say it again?"),
            ("bad", "Oh no, I am sorry to hear that."),
            ("goodbye", "Nice talking to you."),
        ]:
            await call.say(spell(said))
            assert (await call.next_said(5)).text == answer
        await call.ended(5)
        record = await recorded(call.sid, lambda call: call.is_over)
    assert record.outcome == Call.Outcome.BOT_HUNG_UP
    assert [role for role, _ in await transcript(call.sid)] == ["bot", *["caller", "bot"] * 5]
