"""Whole calls, as the caller hears them."""

import pytest
from channels.db import database_sync_to_async

from calls.models import Call, Turn
from chatbot.models import Intent, Keyword
from tests.calls.by_phone.conftest import Phone, answered, recorded, transcript
from tests.calls.speech.spelling import spell
from tests.waiting import SOON

pytestmark = [pytest.mark.asyncio, pytest.mark.django_db(transaction=True)]


async def test_call_is_answered_turn_by_turn_and_ended_at_goodbye(phone: Phone) -> None:
    """The starter bot's whole conversation, from the greeting to the hang-up."""
    async with phone.twilio() as twilio:
        call = await phone.ring(twilio)
        assert (await call.next_said(SOON)).text == "How can I help you?"
        await call.stream_open(SOON)
        for said, answer in [
            ("hello", "Hi, how are you?"),
            ("good", "Nice, I am happy for you."),
            ("what is the weather", "Sorry, I did not understand that. Could you say it again?"),
            ("bad", "Oh no, I am sorry to hear that."),
            ("goodbye", "Nice talking to you."),
        ]:
            await call.say(spell(said))
            assert (await call.next_said(SOON)).text == answer
        await call.ended(SOON)
        record = await recorded(call.sid, lambda call: call.is_over)
    assert record.outcome == Call.Outcome.BOT_HUNG_UP
    assert [role for role, _ in await transcript(call.sid)] == ["bot", *["caller", "bot"] * 5]


async def test_goodbye_is_heard_to_its_end(phone: Phone) -> None:
    """The call is not over before the last word was spoken."""
    async with phone.twilio(say_speed=20) as twilio:
        call = await answered(phone, twilio)
        await call.say(spell("goodbye"))
        assert (await call.next_said(SOON)).text == "Nice talking to you."
        await call.ended(SOON)
        assert not [entry for entry in call.log if entry.kind == "sound-cut"]


async def test_turn_is_on_record_before_its_answer_is_heard(phone: Phone) -> None:
    """Whatever happens after it, a finished turn is not lost."""
    async with phone.twilio() as twilio:
        call = await answered(phone, twilio)
        await call.say(spell("hello"))
        await call.next_said(SOON)
        assert await transcript(call.sid) == [
            ("bot", "How can I help you?"),
            ("caller", "hello"),
            ("bot", "Hi, how are you?"),
        ]


async def test_record_says_why_and_how_fast_a_turn_was_answered(phone: Phone) -> None:
    """Intent, keyword, confidence and milliseconds."""
    async with phone.twilio() as twilio:
        call = await answered(phone, twilio)
        await call.say(spell("hello"))
        await call.next_said(SOON)
        await call.say(spell("goodbye"))
        await call.ended(SOON)
        await recorded(call.sid, lambda call: call.turns.filter(delivery="sent").count() == 3)

    @database_sync_to_async
    def turns() -> list[Turn]:
        return list(Turn.objects.filter(call__sid=call.sid).order_by("number"))

    _, caller, bot, *_ = await turns()
    assert (caller.intent_name, caller.keyword, caller.confidence) == ("hello", "hello", 0.9)
    assert bot.delivery == Turn.Delivery.SENT
    assert bot.answer_ms is not None
    assert bot.answer_ms < 5000


async def test_keyword_saved_during_a_call_is_known_at_the_next_turn(phone: Phone) -> None:
    """The editor's save is live at once."""

    @database_sync_to_async
    def save() -> None:
        Keyword.objects.create(intent=Intent.objects.get(name="hello"), text="ahoy")

    async with phone.twilio() as twilio:
        call = await answered(phone, twilio)
        await call.say(spell("ahoy"))
        assert (await call.next_said(SOON)).text.startswith("Sorry")
        await save()
        await call.say(spell("ahoy"))
        assert (await call.next_said(SOON)).text == "Hi, how are you?"


async def test_two_utterances_in_a_row_are_both_answered(phone: Phone) -> None:
    """Words spoken while an answer is decided are not lost."""
    async with phone.twilio() as twilio:
        call = await answered(phone, twilio)
        await call.say(spell("hello", ms=20) + spell("good", ms=20))
        said = [(await call.next_said(SOON)).text for _ in range(2)]
        assert said == ["Hi, how are you?", "Nice, I am happy for you."]


async def test_reply_too_long_for_an_update_is_fetched_and_spoken(phone: Phone) -> None:
    """Twilio takes 4,000 characters in an update; a longer reply is spoken all the same."""
    text = "All our opening hours. " * 300

    @database_sync_to_async
    def save() -> None:
        Intent.objects.get(name="hello").replies.update(text=text)
        Keyword.objects.create(intent=Intent.objects.get(name="hello"), text="opening hours")

    await save()
    async with phone.twilio(say_speed=100_000) as twilio:
        call = await answered(phone, twilio)
        await call.say(spell("opening hours"))
        spoken = ""
        while len(spoken) < len(text) - 3:
            spoken += (await call.next_said(SOON)).text + " "
        assert spoken.strip() == text.strip()


async def test_unicode_and_markup_of_a_reply_reach_the_caller_unharmed(phone: Phone) -> None:
    """A reply is spoken as the editor wrote it."""
    text = "Größe <5 & 'ça va' — 你好"

    @database_sync_to_async
    def save() -> None:
        intent = Intent.objects.get(name="hello")
        intent.replies.update(text=text)
        intent.save()

    await save()
    async with phone.twilio() as twilio:
        call = await answered(phone, twilio)
        await call.say(spell("hello"))
        assert (await call.next_said(SOON)).text == text
