"""Answers that Twilio's REST API does not take at once."""

import pytest

from calls.models import Call
from calls.simulator.faults import RestFault
from tests.calls.by_phone.conftest import Phone, answered, recorded, transcript
from tests.calls.speech.spelling import spell
from tests.waiting import SOON

pytestmark = [pytest.mark.asyncio, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(
    "fault",
    [RestFault.refuse(429), RestFault.refuse(500), RestFault.hang(30)],
    ids=["429", "500", "no answer"],
)
async def test_answer_is_sent_again_and_heard_once(phone: Phone, fault: RestFault) -> None:
    """A passing fault costs the caller some moments, and no word."""
    async with phone.twilio() as twilio:
        call = await answered(phone, twilio)
        twilio.faults.rest.append(fault)
        await call.say(spell("hello"))
        assert (await call.next_said(SOON)).text == "Hi, how are you?"
        await call.say(spell("goodbye"))
        assert (await call.next_said(SOON)).text == "Nice talking to you."
        await call.ended(SOON)
    texts = [text for _, text in await transcript(call.sid)]
    assert texts.count("Hi, how are you?") == 1


async def test_answer_that_twilio_refuses_for_long_is_said_when_the_call_asks(
    phone: Phone,
) -> None:
    """What could not be sent stays on record, and is the next thing that is said."""
    async with phone.twilio() as twilio:
        call = await answered(phone, twilio)
        twilio.faults.rest.extend([RestFault.refuse(500)] * 5)
        await call.say(spell("hello"))
        said = await call.next_said(SOON)
        assert (said.text, said.source) == ("Hi, how are you?", "webhook")


async def test_call_that_is_over_when_the_answer_is_sent_is_closed_quietly(phone: Phone) -> None:
    """The caller hung up in the same moment: no error, no second attempt."""
    async with phone.twilio() as twilio:
        twilio.faults.status_callbacks.extend(["drop"] * 9)  # those of streams, too
        call = await answered(phone, twilio)
        await call.say(spell("hello", ms=20))
        await call.hang_up()
        record = await recorded(call.sid, lambda call: call.is_over)
        assert record.outcome == Call.Outcome.CALLER_HUNG_UP
