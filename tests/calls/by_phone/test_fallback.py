"""Calls that Twilio could not go on with as it was told: it asks the fallback webhook."""

import pytest
from channels.db import database_sync_to_async

from calls.models import Call, CallEvent
from calls.simulator import DialResult, EndReason, SimulatedCall, Twilio
from calls.simulator.interpreter import FromUrl
from tests.calls.by_phone.conftest import Phone, listening, recorded, transcript
from tests.calls.by_phone.teaching import configure
from tests.calls.speech.spelling import spell
from tests.waiting import SOON

pytestmark = [pytest.mark.asyncio, pytest.mark.django_db(transaction=True)]

APOLOGY = "Sorry, I cannot hear you"
DESK = "+31207654300"


async def ring(phone: Phone, twilio: Twilio, path: str = "stream") -> SimulatedCall:
    """Call a number that has a fallback webhook."""
    return await twilio.dial(
        f"{phone.server.url}/voice/{path}",
        from_="+31201234567",
        to="+31207654321",
        status_callback=f"{phone.server.url}/voice/status",
        fallback_url=f"{phone.server.url}/voice/fallback",
    )


async def broken(phone: Phone, twilio: Twilio) -> SimulatedCall:
    """Call the number; return when the bot listens and the next document cannot be had."""
    call = await ring(phone, twilio)
    await call.next_said(SOON)
    await listening(call)
    call.replace(FromUrl(f"{phone.server.url}/voice/nowhere"))
    return call


async def test_caller_hears_an_apology_and_the_call_ends(phone: Phone) -> None:
    """What went wrong is on record."""
    async with phone.twilio() as twilio:
        call = await broken(phone, twilio)
        assert (await call.next_said(SOON)).text.startswith(APOLOGY)
        assert await call.ended(SOON) is EndReason.HANGUP_VERB
        record = await recorded(call.sid, lambda call: call.is_over)

    @database_sync_to_async
    def details() -> list[str]:
        return list(CallEvent.objects.filter(call=record).values_list("detail", flat=True))

    assert record.outcome == Call.Outcome.NOT_HEARD
    assert await details() == ["Twilio could not go on: error 11200"]


async def test_caller_is_connected_to_a_person(phone: Phone) -> None:
    """Where the bot has a number for it; nobody of ours listens to the two, or comes between."""
    await configure(transfer_number=DESK, transfer_message="I will connect you.")
    async with phone.twilio() as twilio:
        call = await broken(phone, twilio)
        call.set_dial_result(DialResult("completed", 2))
        assert (await call.next_said(SOON)).text == "I will connect you."
        assert (await call.first_dialled(SOON)).numbers == (DESK,)
        assert await call.say(spell("hello")) is False
        assert await call.ended(SOON) is EndReason.HANGUP_VERB
        record = await recorded(call.sid, lambda call: call.is_over)
        assert len(call.dialled) == 1
    assert record.outcome == Call.Outcome.TRANSFERRED
    assert ("caller", "hello") not in await transcript(call.sid)


async def test_caller_whom_nobody_answers_hears_the_apology(phone: Phone) -> None:
    """And the call ends: it could not go on."""
    await configure(transfer_number=DESK, transfer_message="I will connect you.")
    async with phone.twilio() as twilio:
        call = await broken(phone, twilio)
        call.set_dial_result(DialResult("no-answer", 0.1))
        assert (await call.next_said(SOON)).text == "I will connect you."
        assert (await call.next_said(SOON)).text.startswith(APOLOGY)
        assert await call.ended(SOON) is EndReason.HANGUP_VERB
        record = await recorded(call.sid, lambda call: call.is_over)
    assert record.outcome == Call.Outcome.NOT_HEARD


async def test_transfer_that_cannot_be_made_either_is_not_tried_again(phone: Phone) -> None:
    """The call does not go in circles."""
    await configure(transfer_number=DESK, transfer_message="I will connect you.")
    async with phone.twilio() as twilio:
        call = await broken(phone, twilio)
        call.set_dial_result(DialResult("no-answer", 3600))
        await call.first_dialled(SOON)
        call.replace(FromUrl(f"{phone.server.url}/voice/nowhere"))
        assert (await call.next_said(SOON)).text == "I will connect you."
        assert (await call.next_said(SOON)).text.startswith(APOLOGY)
        assert await call.ended(SOON) is EndReason.HANGUP_VERB


async def test_call_whose_first_document_could_not_be_had_begins(phone: Phone) -> None:
    """As it would have: the server was out of reach for a moment."""
    async with phone.twilio() as twilio:
        call = await ring(phone, twilio, "nowhere")
        assert (await call.next_said(SOON)).text == "How can I help you?"
        await call.stream_open(SOON)
        await call.say(spell("hello"))
        assert (await call.next_said(SOON)).text == "Hi, how are you?"


async def test_call_that_is_about_to_end_ends(phone: Phone) -> None:
    """Behind the goodbye there is nothing to apologise for."""
    async with phone.twilio() as twilio:
        call = await ring(phone, twilio)
        await call.next_said(SOON)
        await call.stream_open(SOON)
        await call.say(spell("goodbye"))
        assert (await call.next_said(SOON)).text == "Nice talking to you."
        call.replace(FromUrl(f"{phone.server.url}/voice/nowhere"))
        assert await call.ended(SOON) is EndReason.HANGUP_VERB
        record = await recorded(call.sid, lambda call: call.is_over)
    assert record.outcome == Call.Outcome.BOT_HUNG_UP
