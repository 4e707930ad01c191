"""Keys, on a stream whose socket brings them."""

import pytest

from calls.simulator import SimulatedCall
from tests.calls.by_phone.conftest import Phone, answered, transcript
from tests.calls.by_phone.teaching import teach, turns
from tests.calls.speech.spelling import spell
from tests.waiting import SOON

pytestmark = [pytest.mark.asyncio, pytest.mark.django_db(transaction=True)]


async def key_in(call: SimulatedCall, keys: str) -> None:
    """Send keys on the stream. Twilio's one-way streams bring none; the bot takes all that come."""
    stream = await call.stream_open(SOON)
    for key in keys:
        await stream.inject(stream.dtmf_message(key))


async def test_key_answers_a_keyword(phone: Phone) -> None:
    """A key is heard as a word is, when no other follows it."""
    await teach("1", "Opening hours.")
    async with phone.twilio() as twilio:
        call = await answered(phone, twilio)
        await key_in(call, "1")
        assert (await call.next_said(SOON)).text == "Opening hours."
    assert ("caller", "1") in await transcript(call.sid)


async def test_keys_fill_a_blank(phone: Phone) -> None:
    """As spoken digits do; the # that ends them is not part of them."""
    await teach("{order:digits}", "Order {order}.", "sms", "Order {order} is on its way.")
    async with phone.twilio() as twilio:
        call = await answered(phone, twilio)
        await key_in(call, "4711#")
        await call.next_said(SOON)
        assert (await twilio.messages.message(0, within=SOON)).body == "Order 4711 is on its way."
        caller = (await turns(call.sid))[1]
    assert (caller.text, caller.confidence) == ("4711", None)
    assert caller.captured["order"]["value"] == "4711"


async def test_star_and_hash_are_keywords_too(phone: Phone) -> None:
    """An entry of either alone is one."""
    await teach("*", "The menu.")
    await teach("#", "The end.")
    async with phone.twilio() as twilio:
        call = await answered(phone, twilio)
        await key_in(call, "#")
        assert (await call.next_said(SOON)).text == "The end."
        await key_in(call, "*#")
        assert (await call.next_said(SOON)).text == "The menu."


async def test_keys_before_a_word_are_answered_before_it(phone: Phone) -> None:
    """What was keyed in when the caller speaks is complete."""
    await teach("1", "Opening hours.")
    async with phone.twilio() as twilio:
        call = await answered(phone, twilio)
        await key_in(call, "1")
        await call.say(spell("hello"))
        said = [(await call.next_said(SOON)).text for _ in range(2)]
    assert said == ["Opening hours.", "Hi, how are you?"]


async def test_keys_of_a_caller_who_hangs_up_are_on_record(phone: Phone) -> None:
    """Although nobody is left to be answered."""
    async with phone.twilio() as twilio:
        call = await answered(phone, twilio)
        await key_in(call, "4711")
        # A word behind them: when it is on record, so are they.
        await call.say(spell("hello"))
        await call.next_said(SOON)
        await call.hang_up()
    assert ("caller", "4711") in await transcript(call.sid)
