"""Whole calls of the phone, over the sockets and webhooks of a real server."""

import pytest
from channels.db import database_sync_to_async
from django.contrib.auth.models import User

from calls.models import Call
from calls.phone.line import STOPPING
from chatbot.models import Bot
from tests.calls.by_phone.conftest import recorded, transcript
from tests.calls.by_phone.teaching import teach
from tests.calls.phone.conftest import session_of
from tests.calls.phone.page import NUMBER, Page, phone_page
from tests.calls.phone.servers import StartServer
from tests.calls.speech.spelling import spell
from tests.server import Server
from tests.waiting import SOON

pytestmark = [pytest.mark.asyncio, pytest.mark.django_db(transaction=True)]

GREETING = "How can I help you?"
DESK = "+31207654300"


async def over(page: Page) -> Call:
    """Wait until the call is over on record; give it."""
    return await recorded(page.sid, lambda call: call.is_over)


# --- Line `say`: the page speaks --------------------------------------------------------------


async def test_call_is_held_from_the_greeting_to_the_goodbye(
    bot: Bot, cookie: str, shared_server: Server
) -> None:
    """The bot's texts are told to the page, and the call ends when the last one was spoken."""
    async with phone_page(shared_server, cookie) as page:
        await page.dial()
        greeting = await page.next("say")
        assert (greeting["text"], greeting["language"]) == (GREETING, "en-US")
        await page.say("hello")
        assert (await page.next("say"))["text"] == "Hi, how are you?"
        await page.say("goodbye")
        assert (await page.next("say"))["text"] == "Nice talking to you."
        assert (await page.next("ended"))["reason"] == "the bot hung up"
        assert await page.closed() == 1000
        call = await over(page)
    assert call.outcome == Call.Outcome.BOT_HUNG_UP
    assert call.from_number == NUMBER
    assert call.is_test
    assert [role for role, _ in await transcript(page.sid)] == ["bot", *["caller", "bot"] * 2]
    assert page.of("warned") == []


async def test_bot_goes_on_when_the_page_has_spoken(
    bot: Bot, cookie: str, shared_server: Server
) -> None:
    """Not before: the goodbye is heard to its end."""
    async with phone_page(shared_server, cookie, speaks=False) as page:
        await page.dial()
        await page.send(type="spoken", id=(await page.next("say"))["id"])
        await page.say("goodbye")
        goodbye = await page.next("say")
        await page.send(type="spoken", id=goodbye["id"] - 1)  # of what was cut before
        with pytest.raises(TimeoutError):
            await page.next("ended", within=1)
        await page.send(type="spoken", id=goodbye["id"])
        await page.closed()
        await over(page)


async def test_page_is_hushed_where_the_bot_says_something_else(
    bot: Bot, cookie: str, shared_server: Server
) -> None:
    """An answer takes the place of what is being said."""
    async with phone_page(shared_server, cookie, speaks=False) as page:
        await page.dial()
        await page.send(type="spoken", id=(await page.next("say"))["id"])
        await page.say("hello")
        await page.next("say")
        assert page.of("hush") == []
        await page.speak(spell("good"))
        assert (await page.next("say"))["text"] == "Nice, I am happy for you."
        assert len(page.of("hush")) == 1
        await page.send(type="hang-up")
        await page.closed()


# --- Line `stream`: audio of our own ----------------------------------------------------------


@pytest.fixture
def streaming(bot: Bot) -> Bot:
    """A bot whose audio is our own; it is spelt, so that what is heard can be read."""
    bot.line = Bot.Line.STREAM
    bot.save()
    return bot


async def test_audio_of_our_own_is_heard(
    streaming: Bot, cookie: str, shared_server: Server
) -> None:
    """Sound comes as it is; nothing is left to the browser's voice."""
    async with phone_page(shared_server, cookie) as page:
        await page.dial()
        await page.hears(GREETING)
        await page.say("goodbye")
        assert await page.closed() == 1000
        call = await over(page)
    assert b"Nice talking to you." in page.heard
    assert page.of("say") == []
    assert call.line == Call.Line.STREAM


async def test_bot_that_is_interrupted_is_silent_at_once(
    streaming: Bot, cookie: str, shared_server: Server
) -> None:
    """The page is told to drop what it has not yet played."""
    streaming.greeting = "We have a great many things to say to you. " * 20
    await database_sync_to_async(streaming.save)()
    async with phone_page(shared_server, cookie) as page:
        await page.dial()
        await page.hears("We have")
        await page.say("hello")
        await page.next("clear")
        await page.send(type="hang-up")
        await page.closed()


async def test_key_reaches_the_bot(streaming: Bot, cookie: str, shared_server: Server) -> None:
    """As on any telephone."""
    await teach("1", "We are open from nine to five.")
    async with phone_page(shared_server, cookie) as page:
        await page.dial()
        await page.listening()
        await page.send(type="press", key="1")
        await page.hears("We are open from nine to five.")
        await page.send(type="hang-up")
        await page.closed()
    assert ("caller", "1") in await transcript(page.sid)


# --- Whom it calls, and for whom --------------------------------------------------------------


async def test_bot_that_is_chosen_answers(bot: Bot, cookie: str, shared_server: Server) -> None:
    """Whichever is the default."""
    other = await database_sync_to_async(Bot.objects.create)(
        name="Other", greeting="Other here.", fallback="What?"
    )
    async with phone_page(shared_server, cookie) as page:
        await page.dial(bot=other.pk)
        assert (await page.next("say"))["text"] == "Other here."
        await page.send(type="hang-up")
        await page.closed()


async def test_number_may_be_withheld(bot: Bot, cookie: str, shared_server: Server) -> None:
    """Twilio calls such a caller anonymous."""
    async with phone_page(shared_server, cookie) as page:
        await page.dial(number="")
        await page.send(type="hang-up")
        await page.closed()
        call = await over(page)
    assert call.from_number == "anonymous"


async def test_text_message_reaches_the_caller(
    bot: Bot, cookie: str, shared_server: Server
) -> None:
    """A phone shows what the bot sends it."""
    await teach("address", "I have sent it.", "sms", "Main Street 1")
    async with phone_page(shared_server, cookie) as page:
        await page.dial()
        await page.say("address")
        assert (await page.next("text"))["body"] == "Main Street 1"
        await page.send(type="hang-up")
        await page.closed()


# --- Who is called for the caller -------------------------------------------------------------


async def test_user_decides_that_nobody_is_reached(
    bot: Bot, cookie: str, shared_server: Server
) -> None:
    """The caller is with the bot again, and told so."""
    await teach("desk", "I will connect you.", "transfer", DESK, "Nobody is at the desk.")
    async with phone_page(shared_server, cookie) as page:
        await page.dial()
        await page.say("desk")
        ringing = await page.next("ringing")
        assert (ringing["numbers"], ringing["caller_id"]) == ([DESK], NUMBER)
        await page.send(type="react", status="busy")
        await page.next("parted")
        said = [(await page.next("say"))["text"] for _ in range(3)]
        assert said[2] == "Nobody is at the desk."
        await page.send(type="hang-up")
        await page.closed()


async def test_caller_talks_to_who_answers(bot: Bot, cookie: str, shared_server: Server) -> None:
    """Until that one hangs up, by which the call ends."""
    await teach("desk", "I will connect you.", "transfer", DESK)
    async with phone_page(shared_server, cookie) as page:
        await page.dial()
        await page.say("desk")
        await page.next("ringing")
        await page.send(type="react", status="completed")
        await page.next("talking")
        await page.send(type="part")
        await page.next("parted")
        await page.closed()
        call = await over(page)
    assert call.outcome == Call.Outcome.TRANSFERRED


# --- Where Twilio itself hears the caller -----------------------------------------------------


async def test_words_are_written_where_no_recognizer_hears(
    bot: Bot, cookie: str, start_phone_server: StartServer
) -> None:
    """The simulator hears no sound in Twilio's place, so the page asks for words."""
    server = start_phone_server(RECOGNIZER="tests.calls.speech.refusing.RefusingRecognizer")
    async with phone_page(server, cookie) as page:
        await page.dial()
        while not (await page.next("gathering"))["words"]:
            pass
        await page.send(type="words", text="goodbye")
        assert (await page.next("ended"))["reason"] == "the bot hung up"
        await over(page)
    assert ("caller", "goodbye") in await transcript(page.sid)


# --- How it ends ------------------------------------------------------------------------------


async def test_caller_hangs_up(bot: Bot, cookie: str, shared_server: Server) -> None:
    """The page is told when it is on record."""
    async with phone_page(shared_server, cookie) as page:
        await page.dial()
        await page.listening()
        await page.send(type="hang-up")
        assert (await page.next("ended"))["reason"] == "the caller hung up"
        assert await page.closed() == 1000
        call = await over(page)
    assert call.outcome == Call.Outcome.CALLER_HUNG_UP


async def test_page_that_is_closed_hangs_up(bot: Bot, cookie: str, shared_server: Server) -> None:
    """A tab that is gone leaves no call behind."""
    async with phone_page(shared_server, cookie) as page:
        await page.dial()
        await page.listening()
    call = await over(page)
    assert call.outcome == Call.Outcome.CALLER_HUNG_UP


async def test_page_that_breaks_off_hangs_up(bot: Bot, cookie: str, shared_server: Server) -> None:
    """Also where the network took it away without a word."""
    async with phone_page(shared_server, cookie) as page:
        await page.dial()
        await page.listening()
        page.socket.transport.abort()
        call = await over(page)
    assert call.outcome == Call.Outcome.CALLER_HUNG_UP


async def test_server_that_stops_says_so(cookie: str, own_server: Server) -> None:
    """The call is over, and on record as such."""
    async with phone_page(own_server, cookie) as page:
        await page.dial()
        await page.listening()
        await database_sync_to_async(own_server.stop)()
        assert (await page.next("failed"))["detail"] == STOPPING
        await page.closed()
        await over(page)


async def test_line_that_is_lost_ends_one_call_only(
    bot: Bot, cookie: str, shared_server: Server
) -> None:
    """Two phones do not know of each other."""
    another = await database_sync_to_async(User.objects.create_superuser)("another")
    another_cookie = await database_sync_to_async(session_of)(another)
    async with phone_page(shared_server, another_cookie) as other:
        await other.dial()
        async with phone_page(shared_server, cookie) as page:
            await page.dial()
            await page.listening()
        await over(page)
        await other.say("goodbye")
        assert (await other.next("ended"))["reason"] == "the bot hung up"


async def test_address_that_is_not_the_servers_is_told(
    bot: Bot, cookie: str, start_phone_server: StartServer
) -> None:
    """The commonest fault of a server that was moved."""
    server = start_phone_server(PUBLIC_URL="http://127.0.0.1:9")
    async with phone_page(server, cookie) as page:
        await page.dial()
        ended = await page.next("ended")
    assert "PUBLIC_URL is http://127.0.0.1:9" in ended["detail"]
    assert "must be an address of this server" in ended["detail"]


async def test_call_is_held_by_another_server(
    bot: Bot, cookie: str, start_phone_server: StartServer
) -> None:
    """uvicorn serves the same application."""
    server = start_phone_server("uvicorn")
    async with phone_page(server, cookie) as page:
        await page.dial()
        await page.say("goodbye")
        assert (await page.next("ended"))["reason"] == "the bot hung up"
        assert await page.closed() == 1000
        await over(page)


async def test_two_processes_hold_one_call(
    bot: Bot, cookie: str, redis_url: str, start_phone_server: StartServer
) -> None:
    """One holds the page, the other all that Twilio would ask: they meet through Redis."""
    asked = start_phone_server(REDIS_URL=redis_url)
    holding = start_phone_server(REDIS_URL=redis_url, PUBLIC_URL=asked.url)
    async with phone_page(holding, cookie) as page:
        await page.dial()
        await page.say("hello")
        await page.next("say")
        assert (await page.next("say"))["text"] == "Hi, how are you?"
        await page.speak(spell("goodbye"))
        assert (await page.next("ended", SOON))["reason"] == "the bot hung up"
        await over(page)
