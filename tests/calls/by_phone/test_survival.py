"""Calls that lose something on the way: the caller, the stream, the server."""

import asyncio
import time
from collections.abc import Callable

import pytest

from calls.models import Call
from chatbot.models import Bot
from tests.calls.by_phone.conftest import Phone, answered, open_streams, recorded, transcript
from tests.calls.by_phone.teaching import configure
from tests.calls.speech.spelling import spell
from tests.waiting import SOON, quickest

pytestmark = [pytest.mark.asyncio, pytest.mark.django_db(transaction=True)]

FAST = 0.2


async def test_call_goes_on_after_its_server_was_killed(own_phone: Phone) -> None:
    """Nothing but the database is needed to take a call up again, where it stood."""
    async with own_phone.twilio(pause_scale=FAST) as twilio:
        call = await answered(own_phone, twilio)
        await call.say(spell("hello"))
        assert (await call.next_said(SOON)).text == "Hi, how are you?"
        own_phone.server.kill()
        # Not awaited: the simulated call stands still until there is a server again. It asks what
        # to do now when the pause behind the answer is over.
        own_phone.server.start()
        await call.streams[0].ended()
        await call.stream_open(SOON)
        with call.held_pauses():
            await call.say(spell("goodbye"))
            while (await call.next_said(SOON)).text != "Nice talking to you.":
                pass
        await call.ended(SOON)
        record = await recorded(call.sid, lambda call: call.is_over)
    assert record.outcome == Call.Outcome.BOT_HUNG_UP
    said = [text for role, text in await transcript(call.sid) if role == "caller"]
    assert said == ["hello", "goodbye"]


async def test_call_that_loses_its_stream_gets_another_at_once(phone: Phone) -> None:
    """A broken connection is no reason to wait for the next silence."""
    await configure(silence_seconds=60)
    async with phone.twilio() as twilio:
        call = await answered(phone, twilio)
        call.streams[0].cut()
        await call.streams[0].ended()
        second = await call.stream_open(SOON)
        assert second is not call.streams[0]
        await call.say(spell("hello"))
        while (await call.next_said(SOON)).text != "Hi, how are you?":
            pass


async def test_call_survives_a_stream_that_an_update_takes_along(phone: Phone) -> None:
    """Should Twilio end the stream with the document that opened it, the call goes on."""
    async with phone.twilio() as twilio:
        twilio.faults.streams_end_on_update = True
        call = await answered(phone, twilio)
        await call.say(spell("hello"))
        assert (await call.next_said(SOON)).text == "Hi, how are you?"
        await call.streams[0].ended()
        await call.stream_open(SOON)
        await call.say(spell("goodbye"))
        while (await call.next_said(SOON)).text != "Nice talking to you.":
            pass
        await call.ended(SOON)


async def test_caller_who_hangs_up_leaves_nothing_behind(phone: Phone) -> None:
    """Within a second the stream is closed and the call is over on record."""

    async def seconds() -> float:
        async with phone.twilio() as twilio:
            call = await answered(phone, twilio)
            await call.say(spell("hello")[:40])
            await call.hang_up()
            begun = time.monotonic()
            record = await recorded(call.sid, lambda call: call.is_over)
            async with asyncio.timeout(SOON):
                # Another process closes them, so there is no event to wait for.
                while await open_streams():  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
            took = time.monotonic() - begun
        assert record.outcome == Call.Outcome.CALLER_HUNG_UP
        return took

    assert await quickest(seconds, within=1) < 1


async def test_last_words_before_the_hang_up_are_in_the_transcript(phone: Phone) -> None:
    """Who hangs up right behind his words has said them all the same."""
    async with phone.twilio() as twilio:
        call = await answered(phone, twilio)
        await call.say(spell("hello", ms=20))
        await call.hang_up()
        await recorded(call.sid, lambda call: call.turns.filter(role="caller").exists())
    assert ("caller", "hello") in await transcript(call.sid)


async def test_call_is_closed_where_no_status_is_ever_reported(phone: Phone) -> None:
    """Twilio's report may be lost; the call is over all the same."""
    async with phone.twilio() as twilio:
        twilio.faults.status_callbacks.extend(["drop"] * 9)  # those of streams, too
        call = await answered(phone, twilio)
        await call.hang_up()
        await recorded(call.sid, lambda call: call.is_over)


async def test_status_reported_twice_changes_nothing(phone: Phone) -> None:
    """Reports are repeated."""
    async with phone.twilio() as twilio:
        twilio.faults.status_callbacks.extend(["double"] * 9)  # those of streams, too
        call = await answered(phone, twilio)
        await call.say(spell("goodbye"))
        await call.ended(SOON)
        record = await recorded(call.sid, lambda call: call.duration_seconds is not None)
    assert record.outcome == Call.Outcome.BOT_HUNG_UP


@pytest.mark.parametrize("command", ["daphne", "uvicorn"])
async def test_server_that_is_stopped_hands_its_calls_over(
    bot: Bot, start_server: Callable[..., Phone], command: str
) -> None:
    """An orderly stop has its calls ask what to do now, of whichever process is there."""
    phone = start_server(command)
    async with phone.twilio() as twilio:
        call = await answered(phone, twilio)
        await call.say(spell("hello"))
        await call.next_said(SOON)
        stopping = asyncio.create_task(asyncio.to_thread(phone.server.stop))
        await call.streams[0].ended()
        await stopping
        assert await open_streams() == 0
        *_, redirect = twilio.rest_requests
        assert redirect.form["Url"].startswith(f"{phone.server.url}/voice/next?")
