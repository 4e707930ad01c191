"""Whole calls in which the caller hears audio of our own."""

import asyncio

import pytest
from channels.db import database_sync_to_async

from calls.models import Call, Turn
from calls.simulator import SimulatedCall
from calls.simulator.stream_messages import Clear, Mark, Media
from calls.simulator.utterances import ENDS
from chatbot.models import Bot, Intent
from tests.calls.by_phone.conftest import Phone, recorded, transcript
from tests.calls.by_phone.ear import picked_up
from tests.calls.speech.spelling import spell
from tests.calls.voice.spelling import MS_PER_LETTER, UNSPEAKABLE
from tests.waiting import SOON

pytestmark = [pytest.mark.asyncio, pytest.mark.django_db(transaction=True)]

GREETING = "How can I help you?"


@pytest.fixture
def speaking(bot: Bot, speaking_server: Phone) -> Phone:
    """A number whose bot speaks with audio of our own."""
    bot.line = Bot.Line.STREAM
    bot.save()
    return speaking_server


@database_sync_to_async
def turns(call: SimulatedCall) -> list[Turn]:
    return list(Turn.objects.filter(call__sid=call.sid).order_by("number"))


@database_sync_to_async
def reword(text: str) -> None:
    """Have the bot say something else to “hello”."""
    intent = Intent.objects.get(name="hello")
    intent.replies.update(text=text)
    intent.save()


async def test_call_is_held_in_audio_of_our_own_to_the_goodbye(speaking: Phone) -> None:
    """Greeting, answers and goodbye are streamed; then the call is hung up."""
    async with speaking.twilio() as twilio:
        call, ear = await picked_up(speaking, twilio)
        assert await ear.hears() == GREETING
        await call.say(spell("hello"))
        assert await ear.hears() == "Hi, how are you?"
        await call.say(spell("goodbye"))
        assert await ear.hears() == "Nice talking to you."
        await call.ended(SOON)
        record = await recorded(call.sid, lambda call: call.is_over)
    assert (record.line, record.outcome) == (Call.Line.STREAM, Call.Outcome.BOT_HUNG_UP)
    assert [role for role, _ in await transcript(call.sid)] == ["bot", *["caller", "bot"] * 2]
    assert not [entry for entry in call.log if entry.kind in {"say", "warning", "rest-update"}]


async def test_goodbye_is_heard_to_its_end_before_the_call_ends(speaking: Phone) -> None:
    """The mark behind it has come back when the stream is closed."""
    async with speaking.twilio() as twilio:
        call, ear = await picked_up(speaking, twilio)
        await ear.hears()
        await asyncio.wait_for(call.log.wait(ENDS), SOON)
        await call.say(spell("goodbye"))
        assert await ear.hears() == "Nice talking to you."
        await call.ended(SOON)
    # By the clock of the caller's ear, which is that of the call's log.
    _, goodbye = call.log.of(ENDS)
    (stream_end,) = call.log.of("stream-end")
    assert goodbye.at <= stream_end.at
    seconds = len("Nice talking to you.") * MS_PER_LETTER / 1000
    assert goodbye.detail["seconds"] == pytest.approx(seconds)
    *_, turn = await turns(call)
    assert turn.delivery == Turn.Delivery.SENT
    assert turn.heard_ms is None


async def test_caller_who_interrupts_is_heard_and_the_reply_cut_short(speaking: Phone) -> None:
    """What was sent is cleared, the new answer begins, and the record says how much was heard."""
    await reword("a very long reply " * 50)
    async with speaking.twilio() as twilio:
        call, ear = await picked_up(speaking, twilio)
        await ear.hears()
        await call.say(spell("hello"))
        await ear.until(Media)
        await call.say(spell("good"))
        await ear.until(Clear)
        assert await ear.hears() == "Nice, I am happy for you."
        await call.hang_up()
        await recorded(call.sid, lambda call: call.is_over)
    cut = next(turn for turn in await turns(call) if turn.text.startswith("a very"))
    assert cut.heard_ms is not None
    assert cut.heard_ms < 3000
    assert cut.delivery == Turn.Delivery.SENT


async def test_mhm_does_not_stop_the_bot(speaking: Phone) -> None:
    """It is on record, and wants no answer."""
    await reword("a long reply " * 20)
    async with speaking.twilio() as twilio:
        call, ear = await picked_up(speaking, twilio)
        await ear.hears()
        await call.say(spell("hello"))
        await ear.until(Media)
        await call.say(spell("mhm"))
        await ear.until(Mark)
        await call.hang_up()
        await recorded(call.sid, lambda call: call.is_over)
    assert [turn.text for turn in await turns(call)][-1] == "mhm"


async def test_legal_notice_is_not_interrupted_and_the_caller_answered_after_it(
    speaking: Phone,
) -> None:
    """What callers say into it is kept."""

    @database_sync_to_async
    def save() -> None:
        Bot.objects.update(greeting_uninterruptible=True, greeting="This call is recorded. " * 3)

    await save()
    async with speaking.twilio() as twilio:
        call, ear = await picked_up(speaking, twilio)
        await ear.until(Media)
        await call.say(spell("hello"))
        await ear.until(Mark)
        assert await ear.hears() == "Hi, how are you?"
        assert not [one for one in ear.stream.received if isinstance(one.message, Clear)]
        await call.hang_up()


async def test_silent_caller_is_asked_and_then_parted_with(speaking: Phone) -> None:
    """The bot waits from the end of what it said, and the line does not stay open."""

    @database_sync_to_async
    def save() -> None:
        bot = Bot.objects.get()
        bot.silence_seconds = 3
        bot.save()

    await save()
    async with speaking.twilio() as twilio:
        call, ear = await picked_up(speaking, twilio)
        assert await ear.hears() == GREETING
        assert await ear.hears() == "Are you still there?"
        assert await ear.hears() == "Goodbye."
        await call.ended(SOON)
        record = await recorded(call.sid, lambda call: call.is_over)
    assert record.outcome == Call.Outcome.SILENCE


async def test_text_that_cannot_be_spoken_is_said_by_the_telephone_service(
    speaking: Phone,
) -> None:
    """A fault of the synthesizer leaves nobody in silence, and is on record."""
    await reword(f"This {UNSPEAKABLE}.")
    async with speaking.twilio() as twilio:
        call, ear = await picked_up(speaking, twilio)
        await ear.hears()
        await call.say(spell("hello"))
        assert (await call.next_said(SOON)).text == f"This {UNSPEAKABLE}."
        await call.stream_open(SOON)
        await call.say(spell("good"))
        assert (await call.next_said(SOON)).text == "Nice, I am happy for you."
        await call.hang_up()
        record = await recorded(call.sid, lambda call: call.is_over)

    @database_sync_to_async
    def events() -> list[str]:
        return list(record.events.values_list("kind", flat=True))

    assert record.line == Call.Line.SAY
    assert "mute" in await events()
