"""When callers are answered: at once, after a while, or before they have finished."""

import pytest
from channels.db import database_sync_to_async

from calls.models import Turn
from calls.simulator.stream_messages import Mark, Media
from chatbot.models import Bot, Intent, Keyword
from tests.calls.by_phone.conftest import Phone, answered, recorded
from tests.calls.by_phone.ear import picked_up
from tests.calls.speech.spelling import spell, spell_slowly
from tests.waiting import SOON

pytestmark = [pytest.mark.asyncio, pytest.mark.django_db(transaction=True)]


@database_sync_to_async
def change(**fields: object) -> None:
    bot = Bot.objects.get()
    for name, value in fields.items():
        setattr(bot, name, value)
    bot.save()


@database_sync_to_async
def teach(intent: str, keyword: str) -> None:
    Keyword.objects.create(intent=Intent.objects.get(name=intent), text=keyword)


@database_sync_to_async
def said_by_caller(sid: str) -> list[Turn]:
    return list(Turn.objects.filter(call__sid=sid, role=Turn.Role.CALLER).order_by("number"))


async def test_words_after_a_pause_are_joined_to_a_turn(phone: Phone) -> None:
    """A caller who thinks in the middle of a sentence is not answered on half of it."""
    await teach("good", "a table for two")
    await change(patience_ms=3000)
    async with phone.twilio() as twilio:
        call = await answered(phone, twilio)
        await call.say(spell("a table") + spell("for two"))
        assert (await call.next_said(SOON)).text == "Nice, I am happy for you."
        await call.hang_up()
        await recorded(call.sid, lambda call: call.is_over)
    assert [turn.text for turn in await said_by_caller(call.sid)] == ["a table for two"]


async def test_what_is_not_understood_is_answered_when_no_more_comes(phone: Phone) -> None:
    """Patience has an end."""
    async with phone.twilio() as twilio:
        call = await answered(phone, twilio)
        await call.say(spell("umbrella"))
        assert (await call.next_said(SOON)).text.startswith("Sorry, I did not understand")


async def test_early_answer_comes_before_the_final_transcript(phone: Phone) -> None:
    """The record says how much sooner."""
    await change(answers_early=True)
    async with phone.twilio() as twilio:
        call = await answered(phone, twilio)
        await call.say(spell_slowly("hello", "hello"))
        assert (await call.next_said(SOON)).text == "Hi, how are you?"
        await call.say(spell("great"))
        assert (await call.next_said(SOON)).text == "Nice, I am happy for you."
        await call.hang_up()
        await recorded(call.sid, lambda call: call.is_over)
    hello, great = await said_by_caller(call.sid)
    assert (hello.text, hello.is_early, hello.confidence) == ("hello", True, 0.9)
    assert hello.gained_ms is not None
    assert hello.gained_ms > 300
    assert not great.is_early


async def test_early_answer_to_the_wrong_words_is_corrected(phone: Phone) -> None:
    """The caller is answered again, and the record keeps both."""
    await change(answers_early=True)
    async with phone.twilio() as twilio:
        call = await answered(phone, twilio)
        await call.say(spell_slowly("hello", "bad"))
        assert (await call.next_said(SOON)).text == "Hi, how are you?"
        assert (await call.next_said(SOON)).text == "Oh no, I am sorry to hear that."
        await call.hang_up()
        await recorded(call.sid, lambda call: call.is_over)
    (turn,) = await said_by_caller(call.sid)
    assert (turn.text, turn.early_text, turn.intent_name) == ("bad", "hello", "bad")


async def test_goodbye_is_never_answered_early(phone: Phone) -> None:
    """A call cannot be taken back once it is ended."""
    await change(answers_early=True)
    async with phone.twilio() as twilio:
        call = await answered(phone, twilio)
        await call.say(spell_slowly("goodbye", "bad"))
        assert (await call.next_said(SOON)).text == "Oh no, I am sorry to hear that."


async def test_early_words_that_wait_for_their_turn_are_corrected(
    phone: Phone, speaking_server: Phone
) -> None:
    """What is said into a greeting that may not be interrupted is answered by its last words."""
    greeting = "This call is recorded. " * 15  # 7 s, into which he speaks for 2
    await change(
        answers_early=True,
        line=Bot.Line.STREAM,
        greeting=greeting.strip(),
        greeting_uninterruptible=True,
    )
    async with speaking_server.twilio() as twilio:
        call, ear = await picked_up(speaking_server, twilio)
        await ear.until(Media)
        await call.say(spell_slowly("hello", "bad"))
        await ear.until(Mark)
        assert await ear.hears() == "Oh no, I am sorry to hear that."
        await call.hang_up()
        await recorded(call.sid, lambda call: call.is_over)
    (turn,) = await said_by_caller(call.sid)
    assert (turn.text, turn.intent_name) == ("bad", "bad")
