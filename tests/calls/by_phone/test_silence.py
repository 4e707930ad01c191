"""What a caller hears who says nothing."""

import asyncio

import pytest

from calls.models import Call
from tests.calls.by_phone.conftest import Phone, answered, listening, recorded, transcript
from tests.calls.speech.spelling import spell
from tests.waiting import SOON

pytestmark = [pytest.mark.asyncio, pytest.mark.django_db(transaction=True)]

FAST = 0.25
"""Pauses of the simulated call are so much shorter: 8 seconds of silence take 2."""


async def test_silent_caller_is_asked_once_and_then_let_go(phone: Phone) -> None:
    """ "Are you still there?", and at the second silence a goodbye and the end."""
    async with phone.twilio(pause_scale=FAST) as twilio:
        call = await answered(phone, twilio)
        assert (await call.next_said(SOON)).text == "Are you still there?"
        assert (await call.next_said(SOON)).text == "Goodbye."
        await call.ended(SOON)
        record = await recorded(call.sid, lambda call: call.is_over)
    assert record.outcome == Call.Outcome.SILENCE
    assert [text for _, text in await transcript(call.sid)] == [
        "How can I help you?",
        "Are you still there?",
        "Goodbye.",
    ]


async def test_caller_who_speaks_up_is_answered(phone: Phone) -> None:
    """The stream is open all the time: a silence does not make the bot deaf."""
    async with phone.twilio(pause_scale=FAST) as twilio:
        call = await answered(phone, twilio)
        assert (await call.next_said(SOON)).text == "Are you still there?"
        with call.held_pauses():
            await call.say(spell("hello"))
            assert (await call.next_said(SOON)).text == "Hi, how are you?"
        assert (await call.next_said(SOON)).text == "Are you still there?"


async def test_caller_in_the_middle_of_a_sentence_is_not_interrupted(phone: Phone) -> None:
    """A long sentence is not taken for silence."""
    async with phone.twilio(pause_scale=FAST) as twilio:
        call = await phone.ring(twilio)
        sentence = spell("hello", ms=20)
        begin, end = sentence[:3], sentence[3:]
        with call.held_pauses():
            await call.next_said(SOON)
            await listening(call)
            speaking = asyncio.create_task(call.say(begin + b"\x03" * 8 * 3000))
            await recorded(call.sid, lambda call: call.heard_at is not None)
        await speaking
        await call.say(end)
        texts = [text for _, text in await transcript(call.sid)]
        assert "Are you still there?" not in texts
