"""Members of the staff who take part in calls, as the caller hears them."""

import asyncio
from collections.abc import Callable

import pytest
from channels.db import database_sync_to_async

from calls.models import Call, CallEvent, StaffAct, Turn
from calls.simulator import DialResult, EndReason
from calls.staff_acts import Asked, staff_say
from chatbot.models import Bot
from tests.calls.by_phone.conftest import Phone, answered, open_streams, recorded
from tests.calls.by_phone.ear import picked_up
from tests.calls.by_phone.teaching import turns
from tests.calls.live.browser_socket import browser_socket, signed_in
from tests.calls.live.people import member_of
from tests.calls.live.staff_page import StaffPage
from tests.calls.speech.spelling import spell
from tests.calls.voice.spelling import UNSPEAKABLE
from tests.waiting import SOON

pytestmark = [pytest.mark.asyncio, pytest.mark.django_db(transaction=True)]

DESK = "+31207654300"
SENTENCE = "A person is with you."


@database_sync_to_async
def call_of(sid: str) -> Call:
    return Call.objects.get(sid=sid)


@database_sync_to_async
def acts(sid: str) -> list[tuple[str, str]]:
    return list(StaffAct.objects.filter(call__sid=sid).values_list("kind", "staff_name"))


async def page_of(phone: Phone, sid: str, group: str = "Operator") -> StaffPage:
    return await StaffPage.of(phone.url, (await call_of(sid)).pk, await member_of(group))


@pytest.fixture(scope="session")
def deaf_server(start_server: Callable[..., Phone]) -> Phone:
    return start_server(RECOGNIZER="tests.calls.speech.refusing.RefusingRecognizer")


@pytest.fixture
def speaking(bot: Bot, speaking_server: Phone) -> Phone:
    """A number whose bot speaks with audio of our own."""
    bot.line = Bot.Line.STREAM
    bot.save()
    return speaking_server


async def test_sentence_is_said_by_twilio_and_the_call_goes_on(phone: Phone) -> None:
    """On line `say` it replaces what is said; the caller is heard as before."""
    async with phone.twilio() as twilio:
        call = await answered(phone, twilio)
        async with await page_of(phone, call.sid) as page:
            status, answer = await page.act("say", text=SENTENCE)
        assert (status, answer["said"]) == (200, "The caller is being told.")
        assert (await call.next_said(SOON)).text == SENTENCE
        await call.say(spell("hello"))
        assert (await call.next_said(SOON)).text == "Hi, how are you?"
        await recorded(call.sid, lambda call: call.turns.filter(delivery="sent").count() == 3)
        _, said, *_ = await turns(call.sid)
        assert (said.rule, said.delivery, said.answer_ms) == ("staff", Turn.Delivery.SENT, None)
    assert await acts(call.sid) == [("say", "operator")]


async def test_sentence_is_said_that_nobody_announced(
    speaking: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The channel layer may lose what it is given; the record is looked at all the same."""
    monkeypatch.setattr("calls.groups.announce_from_thread", lambda *args, **kwargs: None)
    async with speaking.twilio() as twilio:
        call, ear = await picked_up(speaking, twilio)
        assert await ear.hears() == "How can I help you?"
        asked = Asked((await call_of(call.sid)).pk, await member_of("Operator"), "t" * 20)
        await database_sync_to_async(staff_say)(asked, text=SENTENCE)
        assert await ear.hears() == SENTENCE
    assert await acts(call.sid) == [("say", "operator")]


async def test_sentence_is_spoken_in_audio_of_our_own(speaking: Phone) -> None:
    """On line `stream` it goes out on the same socket, and cuts short what is being said."""
    async with speaking.twilio() as twilio:
        call, ear = await picked_up(speaking, twilio)
        assert await ear.hears() == "How can I help you?"
        async with await page_of(speaking, call.sid) as page:
            await page.act("say", text=SENTENCE)
        assert await ear.hears() == SENTENCE
        await call.say(spell("hello"))
        assert await ear.hears() == "Hi, how are you?"


async def test_sentence_that_cannot_be_spoken_is_said_by_twilio(speaking: Phone) -> None:
    """As any answer: the telephone service takes over speaking."""
    async with speaking.twilio() as twilio:
        call, ear = await picked_up(speaking, twilio)
        await ear.hears()
        async with await page_of(speaking, call.sid) as page:
            await page.act("say", text=UNSPEAKABLE)
        assert UNSPEAKABLE in (await call.next_said(SOON)).text


async def test_sentence_is_said_where_twilio_hears_the_caller(bot: Bot, deaf_server: Phone) -> None:
    """No session holds such a call: it is told to ask, and asks."""
    async with deaf_server.twilio() as twilio:
        call = await deaf_server.ring(twilio)
        await call.gathering(SOON)
        async with await page_of(deaf_server, call.sid) as page:
            await page.act("say", text=SENTENCE)
        while (await call.next_said(SOON)).text != SENTENCE:
            pass
        await call.gathering(SOON)
        assert await call.answer("hello")
        assert (await call.next_said(SOON)).text == "Hi, how are you?"


async def test_caller_is_connected_to_a_person(phone: Phone) -> None:
    """With a sentence before it; the record says who did it."""
    async with phone.twilio() as twilio:
        call = await answered(phone, twilio)
        call.set_dial_result(DialResult("completed", 0.1))
        async with await page_of(phone, call.sid) as page:
            await page.act("transfer", text="I connect you.", number="+31 20 765 4300")
        assert (await call.next_said(SOON)).text == "I connect you."
        assert (await call.first_dialled(SOON)).numbers == (DESK,)
        await call.ended(SOON)
        record = await recorded(call.sid, lambda call: call.is_over)
    assert record.outcome == Call.Outcome.TRANSFERRED
    assert await acts(call.sid) == [("transfer", "operator")]


async def test_caller_is_connected_from_audio_of_our_own(speaking: Phone) -> None:
    """Without a word, which is allowed."""
    async with speaking.twilio() as twilio:
        call, ear = await picked_up(speaking, twilio)
        call.set_dial_result(DialResult("completed", 0.1))
        await ear.hears()
        async with await page_of(speaking, call.sid) as page:
            await page.act("transfer", number=DESK)
        assert (await call.first_dialled(SOON)).numbers == (DESK,)
        await call.ended(SOON)
        record = await recorded(call.sid, lambda call: call.is_over)
    assert record.outcome == Call.Outcome.TRANSFERRED


async def test_call_is_ended_at_once(phone: Phone) -> None:
    """The caller is cut off, the call is over on record, and it says who did it."""
    async with phone.twilio() as twilio:
        call = await answered(phone, twilio)
        async with await page_of(phone, call.sid) as page:
            status, answer = await page.act("hang-up")
        assert (status, answer["said"]) == (200, "The call was ended.")
        assert await call.ended(SOON) is EndReason.REST
        record = await recorded(call.sid, lambda call: call.is_over)
        async with asyncio.timeout(SOON):
            # Another process closes it, so there is no event to wait for.
            while await open_streams():  # noqa: ASYNC110
                await asyncio.sleep(0.02)
    assert record.outcome == Call.Outcome.STAFF_HUNG_UP
    assert await acts(call.sid) == [("hang-up", "operator")]

    @database_sync_to_async
    def event() -> str:
        return CallEvent.objects.get(call__sid=call.sid, kind="hung-up").detail

    assert await event() == "operator"


async def test_form_that_is_sent_twice_is_done_once(phone: Phone) -> None:
    """A double click, or a request that a proxy repeats."""
    async with phone.twilio() as twilio:
        call = await answered(phone, twilio)
        async with await page_of(phone, call.sid) as page:
            token = f"{page.token}-say"
            answers = await asyncio.gather(
                page.act("say", token=token, text=SENTENCE),
                page.act("say", token=token, text=SENTENCE),
            )
        assert [status for status, _ in answers] == [200, 200]
        assert (await call.next_said(SOON)).text == SENTENCE
        await call.say(spell("hello"))
        assert (await call.next_said(SOON)).text == "Hi, how are you?"
    assert len(await acts(call.sid)) == 1


async def test_call_at_another_server_is_watched_and_spoken_in(
    bot: Bot, start_server: Callable[..., Phone], redis_url: str
) -> None:
    """Whichever process holds the call, and whichever serves the page."""
    holding, serving = start_server(REDIS_URL=redis_url), start_server(REDIS_URL=redis_url)
    session = await signed_in(await member_of("Operator"))
    async with holding.twilio() as twilio:
        call = await answered(holding, twilio)
        async with (
            browser_socket(serving.url, f"/live/calls/{call.sid}", session) as browser,
            await page_of(serving, call.sid) as page,
        ):
            await browser.next()
            await page.act("say", text=SENTENCE)
            assert (await call.next_said(SOON)).text == SENTENCE
            await browser.until(lambda browser: SENTENCE in browser.shown.get("turn-2", ""))
            assert "from operator" in browser.shown["turn-2"]
            await page.act("hang-up")
            await call.ended(SOON)
            await browser.until(lambda browser: browser.state["over"])
    holding.server.stop()
    serving.server.stop()
