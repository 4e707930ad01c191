"""Which bot answers, when, and for how long."""

from datetime import UTC, datetime, timedelta

import pytest
from channels.db import database_sync_to_async

from calls.models import Call
from calls.simulator import EndReason, SimulatedCall, Twilio
from chatbot.models import Bot, ClosedDay, PhoneNumber
from chatbot.starter import create_starter_bot
from tests.calls.by_phone.conftest import Phone, answered, listening, recorded, transcript
from tests.calls.by_phone.teaching import configure, turns
from tests.calls.speech.spelling import spell
from tests.waiting import SOON

pytestmark = [pytest.mark.asyncio, pytest.mark.django_db(transaction=True)]

DUTCH_NUMBER = "+31201112233"


async def ring(phone: Phone, twilio: Twilio, number: str) -> SimulatedCall:
    """Call one of the numbers that the server answers."""
    return await twilio.dial(
        f"{phone.server.url}/voice/stream",
        from_="+31201234567",
        to=number,
        status_callback=f"{phone.server.url}/voice/status",
    )


@database_sync_to_async
def add_dutch_bot(**fields: object) -> None:
    bot = create_starter_bot("nl")
    PhoneNumber.objects.create(bot=bot, number=DUTCH_NUMBER)
    Bot.objects.filter(pk=bot.pk).update(**fields)


@database_sync_to_async
def close_today() -> None:
    """Close the first bot; tomorrow too, in case midnight comes during the test."""
    today = datetime.now(UTC).date()
    for day in (today, today + timedelta(days=1)):
        ClosedDay.objects.create(bot=Bot.objects.get(), day=day)


async def test_number_has_its_own_bot(phone: Phone) -> None:
    """With its words, its language, and its intents throughout the call."""
    await add_dutch_bot()
    async with phone.twilio() as twilio:
        call = await ring(phone, twilio, DUTCH_NUMBER)
        said = await call.next_said(SOON)
        assert (said.text, said.language) == ("Waarmee kan ik u helpen?", "nl-NL")
        await call.stream_open(SOON)
        await call.say(spell("hallo"))
        said = await call.next_said(SOON)
        assert (said.text, said.language) == ("Hallo, hoe gaat het met u?", "nl-NL")
        await call.say(spell("hello"))
        assert (await call.next_said(SOON)).text.startswith("Sorry, dat heb ik niet begrepen.")


async def test_two_bots_are_called_at_once(phone: Phone) -> None:
    """Each caller is answered by the bot of the number he called."""
    await add_dutch_bot()
    async with phone.twilio() as twilio:
        english = await answered(phone, twilio)
        dutch = await ring(phone, twilio, DUTCH_NUMBER)
        await dutch.next_said(SOON)
        await dutch.stream_open(SOON)
        for call, goodbye, answer in [
            (english, "goodbye", "Nice talking to you."),
            (dutch, "tot ziens", "Prettig u gesproken te hebben."),
        ]:
            await call.say(spell(goodbye))
            assert (await call.next_said(SOON)).text == answer
            await call.ended(SOON)


@pytest.mark.parametrize(
    ("is_default", "greeting"),
    [(False, "How can I help you?"), (True, "Waarmee kan ik u helpen?")],
    ids=["the oldest", "the default"],
)
async def test_unknown_number_is_answered_by(phone: Phone, is_default: bool, greeting: str) -> None:
    """The bot that answers all other numbers, or the oldest one."""
    await add_dutch_bot(is_default=is_default)
    async with phone.twilio() as twilio:
        call = await ring(phone, twilio, "+31209998877")
        assert (await call.next_said(SOON)).text == greeting


async def test_call_outside_the_opening_hours_is_told_so(phone: Phone) -> None:
    """The closed message, to its end, and no stream."""
    await configure(closed_message="We are closed today.")
    await close_today()
    async with phone.twilio() as twilio:
        call = await phone.ring(twilio)
        assert (await call.next_said(SOON)).text == "We are closed today."
        assert await call.ended(SOON) is EndReason.HANGUP_VERB
        assert len(call.streams) == 0
        record = await recorded(call.sid, lambda call: call.is_over)
    assert record.outcome == Call.Outcome.CLOSED
    assert await transcript(call.sid) == [("bot", "We are closed today.")]


async def test_bot_that_closes_goes_on_with_its_calls(phone: Phone) -> None:
    """Who called in time is served."""
    async with phone.twilio() as twilio:
        call = await answered(phone, twilio)
        await close_today()
        await call.say(spell("hello"))
        assert (await call.next_said(SOON)).text == "Hi, how are you?"


async def test_call_ends_at_the_limit_of_turns(phone: Phone) -> None:
    """What the caller says beyond it is on record, and answered with a goodbye."""
    await configure(max_turns=2, limit_message="This takes too long. Goodbye.")
    async with phone.twilio() as twilio:
        call = await answered(phone, twilio)
        for words, answer in [
            ("hello", "Hi, how are you?"),
            ("good", "Nice, I am happy for you."),
            ("hello", "This takes too long. Goodbye."),
        ]:
            await call.say(spell(words))
            assert (await call.next_said(SOON)).text == answer
        assert await call.ended(SOON) is EndReason.HANGUP_VERB
        record = await recorded(call.sid, lambda call: call.is_over)
    assert record.outcome == Call.Outcome.LIMIT
    assert (await turns(call.sid))[-1].rule == "limit"


@database_sync_to_async
def age(sid: str, minutes: int) -> None:
    """Let a call have begun earlier."""
    call = Call.objects.get(sid=sid)
    began = datetime.fromisoformat(call.dialogue["began"]) - timedelta(minutes=minutes)
    call.dialogue["began"] = began.isoformat()
    call.save(update_fields=["dialogue"])


async def test_call_ends_at_the_limit_of_minutes(phone: Phone) -> None:
    """At the next thing the caller says."""
    await configure(max_minutes=5, limit_message="This takes too long. Goodbye.")
    async with phone.twilio() as twilio:
        call = await answered(phone, twilio)
        await age(call.sid, 5)
        await call.say(spell("hello"))
        assert (await call.next_said(SOON)).text == "This takes too long. Goodbye."
        assert await call.ended(SOON) is EndReason.HANGUP_VERB
        record = await recorded(call.sid, lambda call: call.is_over)
    assert record.outcome == Call.Outcome.LIMIT


async def test_silent_call_ends_at_the_limit_of_minutes(phone: Phone) -> None:
    """At the next silence."""
    await configure(max_minutes=5, limit_message="This takes too long. Goodbye.")
    async with phone.twilio(pause_scale=0.3) as twilio:
        call = await phone.ring(twilio)
        with call.held_pauses():
            await call.next_said(SOON)
            await listening(call)
            await age(call.sid, 5)
        assert (await call.next_said(SOON)).text == "This takes too long. Goodbye."
        assert await call.ended(SOON) is EndReason.HANGUP_VERB
        record = await recorded(call.sid, lambda call: call.is_over)
    assert record.outcome == Call.Outcome.LIMIT
