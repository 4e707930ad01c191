"""Calls in audio of our own that lose something on the way: marks, the socket, the server."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from channels.db import database_sync_to_async

from calls.models import Call, Turn
from calls.simulator import EndReason, SimulatedCall, Twilio
from calls.simulator.stream_messages import Media
from calls.simulator.utterances import ENDS
from chatbot.models import Bot, Intent
from tests.calls.by_phone.conftest import Phone, open_streams, recorded, transcript
from tests.calls.by_phone.ear import SYNTHESIZER, Ear, picked_up
from tests.calls.by_phone.teaching import turns
from tests.calls.speech.spelling import spell
from tests.calls.voice.spelling import MS_PER_LETTER
from tests.relay import Relay
from tests.server import free_port
from tests.waiting import SOON

pytestmark = [pytest.mark.asyncio, pytest.mark.django_db(transaction=True)]

GREETING = "How can I help you?"
LONG = "This is a very long reply. " * 4
MARK_BOUND = 2.5
"""How much longer than its audio an answer may take whose mark does not come back."""


@pytest.fixture(scope="session")
def speaking_server(start_server: Callable[..., Phone]) -> Phone:
    return start_server(SYNTHESIZER=SYNTHESIZER)


@pytest.fixture
def talkative(bot: Bot) -> Bot:
    """A bot that speaks with audio of our own, and says hello at length."""
    bot.line = Bot.Line.STREAM
    bot.save()
    hello = Intent.objects.get(name="hello")
    hello.replies.update(text=LONG)
    hello.save()
    return bot


@database_sync_to_async
def say_at_greater_length() -> None:
    """Have the bot say hello for longer than it takes to interrupt it anywhere."""
    hello = Intent.objects.get(name="hello")
    hello.replies.update(text=LONG * 10)
    hello.save()


PIECES_HEARD = 8
"""Of 60 ms each, the first of which are sent ahead of the ear: he has heard 300 ms of the reply."""


@pytest.fixture
def speaking(talkative: Bot, speaking_server: Phone) -> Phone:
    return speaking_server


async def in_mid_reply(phone: Phone, twilio: Twilio) -> tuple[SimulatedCall, Ear]:
    """Call the number; return when the bot has begun a long reply."""
    call, ear = await picked_up(phone, twilio)
    assert await ear.hears() == GREETING
    await asyncio.wait_for(call.log.wait(ENDS), SOON)
    await call.say(spell("hello"))
    for _ in range(PIECES_HEARD):
        await ear.until(Media)
    return call, ear


async def next_ear(call: SimulatedCall, before: Ear) -> Ear:
    """Wait until another stream is open."""
    await before.stream.ended()
    return Ear(await call.stream_open(SOON))


# --- Marks --------------------------------------------------------------------------------------


async def test_call_goes_on_although_no_mark_comes_back(speaking: Phone) -> None:
    """Each answer counts as heard a moment after its audio; the goodbye too."""
    async with speaking.twilio() as twilio:
        twilio.faults.lost_marks = True
        call, ear = await picked_up(speaking, twilio)
        await ear.hears()
        await call.heard_out(SOON)
        await call.say(spell("good"))
        assert await ear.hears() == "Nice, I am happy for you."
        await call.heard_out(SOON)
        await call.say(spell("goodbye"))
        assert await ear.hears() == "Nice talking to you."
        await call.ended(MARK_BOUND + 4)
        record = await recorded(call.sid, lambda call: call.is_over)
    assert record.outcome == Call.Outcome.BOT_HUNG_UP
    assert all(turn.heard_ms in {None, turn.audio_ms} for turn in await turns(call.sid))


@pytest.mark.parametrize("delay", [0.5, 3.0])
async def test_marks_that_come_late_change_nothing(speaking: Phone, delay: float) -> None:
    """That of an answer is not taken for that of the one behind it."""
    async with speaking.twilio() as twilio:
        twilio.faults.mark_delay = delay
        call, ear = await picked_up(speaking, twilio)
        await ear.hears()
        for said, answer in (("good", "Nice, I am happy for you."), ("hello", LONG.strip())):
            await call.say(spell(said))
            assert (await ear.hears()).strip() == answer
        await call.say(spell("goodbye"))
        assert await ear.hears() == "Nice talking to you."
        await call.ended(SOON)
        assert ear.stream.playout.seconds_left(time.monotonic()) == 0
    assert len(await transcript(call.sid)) == 7


# --- The socket ---------------------------------------------------------------------------------


async def test_reply_is_said_again_when_its_socket_is_lost(speaking: Phone) -> None:
    """On the next stream, from its beginning, without another in between; it is on record once."""
    async with speaking.twilio() as twilio:
        call, ear = await in_mid_reply(speaking, twilio)
        ear.stream.cut()
        again = await next_ear(call, ear)
        assert (await again.hears()).strip() == LONG.strip()
        await call.say(spell("good"))
        assert await again.hears() == "Nice, I am happy for you."
        record = await recorded(call.sid, lambda call: call.events.exists())
    assert (await record.events.aget()).kind == "stream-lost"
    assert await record.streams.acount() == 2
    texts = [text.strip() for _, text in await transcript(call.sid)]
    assert texts == [GREETING, "hello", LONG.strip(), "good", "Nice, I am happy for you."]


async def test_call_that_ends_with_its_socket_is_closed(speaking: Phone) -> None:
    """Should Twilio do so: nothing stays open, and the record says what was heard."""
    await say_at_greater_length()
    async with speaking.twilio() as twilio:
        twilio.faults.lost_stream_ends_call = True
        call, ear = await in_mid_reply(speaking, twilio)
        ear.stream.cut()
        assert await call.ended(SOON) is EndReason.END_OF_DOCUMENT
        await recorded(call.sid, lambda call: call.is_over)
        await tidied_up(call)
    reply = (await turns(call.sid))[-1]
    assert reply.heard_ms is not None
    assert 0 < reply.heard_ms < len(LONG) * MS_PER_LETTER


async def tidied_up(call: SimulatedCall) -> None:
    """Wait until the session of a call that is over has put its end on record."""
    async with asyncio.timeout(SOON):
        # Another process does, so there is no event to wait for.
        while (await turns(call.sid))[-1].heard_ms is None or await open_streams():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


def sockets(pid: int) -> int:
    """Return how many sockets a process has open."""
    count = 0
    for path in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # it may be closed while it is looked at
            count += str(path.readlink()).startswith("socket:")
    return count


async def test_caller_who_hangs_up_in_mid_reply_leaves_nothing_behind(speaking: Phone) -> None:
    """No stream and no socket; the record says how much of the reply was heard."""
    await say_at_greater_length()
    async with speaking.twilio() as twilio:
        # What a first call opens for all that follow.
        call, ear = await in_mid_reply(speaking, twilio)
        await call.hang_up()
        await recorded(call.sid, lambda call: call.is_over)
        await tidied_up(call)
        before = sockets(speaking.server.pid)
        # By how much the record and the caller's ear differ, in seconds.
        differences = []
        for _ in range(3):
            call, ear = await in_mid_reply(speaking, twilio)
            await call.hang_up()
            await recorded(call.sid, lambda call: call.is_over)
            await tidied_up(call)
            greeting, _, reply = await turns(call.sid)
            assert greeting.heard_ms is None
            assert reply.heard_ms is not None
            (hung_up,) = call.log.of("call-end")
            heard = ear.stream.playout.heard(hung_up.at) - len(GREETING) * 0.02
            differences.append(abs(reply.heard_ms / 1000 - heard))
        async with asyncio.timeout(SOON):
            # It is another process. A thread of it may have come to the database for the first
            # time; three calls of which each leaves a socket are told from that.
            while sockets(speaking.server.pid) > before + 2:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
    assert min(differences) < 0.4


# --- The server ---------------------------------------------------------------------------------


class Site:
    """Two servers on one database, at one address; one of them answers."""

    def __init__(self, relay: Relay, phones: list[Phone]) -> None:
        self.relay = relay
        self.phones = phones

    @property
    def phone(self) -> Phone:
        return self.phones[0]


@pytest_asyncio.fixture
async def site(talkative: Bot, start_server: Callable[..., Phone]) -> AsyncIterator[Site]:
    async with Relay(free_port()) as relay:
        env = {"SYNTHESIZER": SYNTHESIZER, "PUBLIC_URL": relay.url}
        first = await asyncio.to_thread(start_server, **env)
        second = await asyncio.to_thread(start_server, TWILIO_API_URL=first.api_url, **env)
        relay.ports = [urlsplit(phone.server.url).port or 0 for phone in (first, second)]
        first.url = relay.url
        yield Site(relay, [first, second])
        for phone in (first, second):
            await asyncio.to_thread(phone.server.kill)


async def test_another_server_says_again_what_a_killed_one_was_saying(site: Site) -> None:
    """Nothing of the dialogue is lost."""
    async with site.phone.twilio() as twilio:
        call, ear = await in_mid_reply(site.phone, twilio)
        site.phone.server.kill()
        again = await next_ear(call, ear)
        assert (await again.hears()).strip() == LONG.strip()
        await call.say(spell("good"))
        assert await again.hears() == "Nice, I am happy for you."
        await call.say(spell("goodbye"))
        assert await again.hears() == "Nice talking to you."
        await call.ended(SOON)
        record = await recorded(call.sid, lambda call: call.is_over)
    assert record.outcome == Call.Outcome.BOT_HUNG_UP
    said = [text for role, text in await transcript(call.sid) if role == "caller"]
    assert said == ["hello", "good", "goodbye"]
    assert all(turn.delivery != Turn.Delivery.PENDING for turn in await turns(call.sid))


@pytest.mark.parametrize("is_drained", [True, False])
async def test_server_that_is_stopped_in_mid_reply_hands_the_call_over(
    site: Site, is_drained: bool
) -> None:
    """The other server says the reply again, whether or not the first still gets requests."""
    async with site.phone.twilio() as twilio:
        call, ear = await in_mid_reply(site.phone, twilio)
        if is_drained:
            site.relay.ports.reverse()
        stopping = asyncio.create_task(asyncio.to_thread(site.phone.server.stop))
        again = await next_ear(call, ear)
        assert (await again.hears()).strip() == LONG.strip()
        await call.say(spell("good"))
        assert await again.hears() == "Nice, I am happy for you."
        await stopping
        record = await recorded(call.sid, lambda call: not call.is_over)
    assert record.hearing == Call.Hearing.STREAM
    texts = [text.strip() for _, text in await transcript(call.sid)]
    assert texts == [GREETING, "hello", LONG.strip(), "good", "Nice, I am happy for you."]
