"""Browsers that watch calls while they run: a real server, its WebSockets, and a simulated call."""

import asyncio
from collections.abc import Callable

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from calls.live.feed import SPEAKING
from calls.live.sockets import NOT_ALLOWED
from chatbot.models import Bot
from tests.calls.by_phone.conftest import Phone, answered
from tests.calls.live.browser_socket import browser_socket, signed_in
from tests.calls.live.people import member_of
from tests.calls.speech.spelling import spell, spell_slowly
from tests.waiting import SOON

pytestmark = [pytest.mark.asyncio, pytest.mark.django_db(transaction=True)]

LIST = "/live/calls"


async def test_call_is_seen_as_it_is_held(phone: Phone) -> None:
    """The greeting, every turn, and the end; each turn once."""
    session = await signed_in(await member_of("Supervisor"))
    async with phone.twilio() as twilio:
        call = await answered(phone, twilio)
        async with browser_socket(phone.url, f"{LIST}/{call.sid}", session) as browser:
            await browser.next()
            assert "How can I help you?" in browser.shown["turn-1"]
            await call.say(spell("hello"))
            await browser.until(lambda browser: "turn-3" in browser.shown)
            assert "hello" in browser.shown["turn-2"]
            assert "Hi, how are you?" in browser.shown["turn-3"]
            await call.say(spell("goodbye"))
            await browser.until(lambda browser: browser.state["over"])
            assert browser.state["ending"] == "the bot said goodbye and hung up"
            assert len([key for key in browser.shown if key.startswith("turn")]) == 5


async def test_list_shows_calls_come_and_go(phone: Phone) -> None:
    """Who calls, what was said last; and nothing once the call is over."""
    session = await signed_in(await member_of("Supervisor"))
    async with (
        phone.twilio() as twilio,
        browser_socket(phone.url, LIST, session) as browser,
    ):
        await browser.next()
        assert browser.shown == {}
        call = await answered(phone, twilio, "+31611112222")
        await call.say(spell("hello"))
        await browser.until(lambda browser: "Hi, how are you?" in "".join(browser.shown.values()))
        (row,) = browser.shown.values()
        assert "+31611112222" in row
        assert browser.state["words"] == "1 call is running."
        await call.hang_up()
        await browser.until(lambda browser: not browser.shown)


async def test_interim_words_are_seen_until_their_turn_comes(phone: Phone) -> None:
    """They are the caller's, on the way to the turn, and gone when it is there."""
    session = await signed_in(await member_of("Supervisor"))
    async with phone.twilio() as twilio:
        call = await answered(phone, twilio)
        async with browser_socket(phone.url, f"{LIST}/{call.sid}", session) as browser:
            await browser.next()
            await call.say(spell_slowly("what is", "what is the weather"))
            await browser.until(lambda browser: browser.interim == "what is")
            assert "turn-2" not in browser.shown
            await browser.until(lambda browser: "turn-2" in browser.shown and not browser.interim)
            assert (await call.next_said(SOON)).text.startswith("Sorry")


async def test_caller_who_speaks_is_seen_before_any_word_is_known(phone: Phone) -> None:
    """Recognizers may have none before he has ended."""
    session = await signed_in(await member_of("Supervisor"))
    async with phone.twilio() as twilio:
        call = await answered(phone, twilio)
        async with browser_socket(phone.url, f"{LIST}/{call.sid}", session) as browser:
            await browser.next()
            await call.say(spell_slowly("", "hello"))
            await browser.until(lambda browser: browser.interim == SPEAKING)
            assert "turn-2" not in browser.shown
            await browser.until(lambda browser: "turn-2" in browser.shown and not browser.interim)


# --- Who may ------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [LIST, f"{LIST}/CA1"])
@pytest.mark.parametrize("group", ["Nobody", ""])
async def test_others_are_refused(phone: Phone, path: str, group: str) -> None:
    """A member of the staff without the permission, and whoever is not signed in."""
    session = await signed_in(await member_of(group)) if group else ""
    async with browser_socket(phone.url, path, session) as browser:
        with pytest.raises(ConnectionClosed) as closed:
            await browser.next()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == NOT_ALLOWED


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1"])
async def test_page_of_another_origin_is_refused(phone: Phone, origin: str) -> None:
    """It would come with the cookie of whoever looks at it."""
    session = await signed_in(await member_of("Operator"))
    with pytest.raises(InvalidStatus, match="403"):
        async with browser_socket(phone.url, LIST, session, origin=origin):
            pass


@pytest.mark.parametrize(
    ("group", "is_seen"), [("Editor", False), ("Supervisor", True), ("Operator", True)]
)
async def test_number_of_the_caller_is_seen_by_those_who_may(
    phone: Phone, group: str, *, is_seen: bool
) -> None:
    """In the list, and where he says it."""
    session = await signed_in(await member_of(group))
    number = "+31611112222"
    async with phone.twilio() as twilio:
        call = await answered(phone, twilio, number)
        async with (
            browser_socket(phone.url, LIST, session) as all_calls,
            browser_socket(phone.url, f"{LIST}/{call.sid}", session) as one_call,
        ):
            await all_calls.next()
            await one_call.next()
            await call.say(spell(f"my number is {number}"))
            await one_call.until(lambda browser: "turn-3" in browser.shown)
            await all_calls.until(lambda browser: "Sorry" in "".join(browser.shown.values()))
            for browser in (all_calls, one_call):
                told = "".join(html for one in browser.messages for html in one.get("put", ()))
                assert (number in told) is is_seen


# --- The server ---------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["daphne", "uvicorn"])
async def test_server_that_is_watched_can_be_stopped(
    bot: Bot, start_server: Callable[..., Phone], command: str
) -> None:
    """Browsers do not keep the process from ending; they connect anew."""
    phone = start_server(command)
    session = await signed_in(await member_of("Supervisor"))
    async with browser_socket(phone.url, LIST, session) as browser:
        await browser.next()
        stopping = asyncio.create_task(asyncio.to_thread(phone.server.stop))
        with pytest.raises(ConnectionClosed):
            await browser.until(lambda browser: False)
        async with asyncio.timeout(SOON):
            await stopping
