"""The media socket against strangers and junk, on the wire."""

import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import aiohttp
import pytest

from calls.models import Stream
from calls.simulator.faults import BINARY_FRAME, BROKEN_JSON, UNKNOWN_EVENT, foreign_media
from tests.calls.by_phone.conftest import Phone, answered, recorded
from tests.calls.speech.spelling import spell
from tests.waiting import SOON, quickest

pytestmark = [pytest.mark.asyncio, pytest.mark.django_db(transaction=True)]


@asynccontextmanager
async def media_socket(phone: Phone) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    url = phone.server.url.replace("http", "ws") + "/voice/media"
    async with aiohttp.ClientSession() as client, client.ws_connect(url) as socket:
        yield socket


def start(call_sid: str, account_sid: str, token: str) -> str:
    body = {"accountSid": account_sid, "callSid": call_sid, "customParameters": {"token": token}}
    return json.dumps({"event": "start", "streamSid": "MZ1", "start": body})


async def closing_code(socket: aiohttp.ClientWebSocketResponse, within: float) -> int | None:
    await socket.receive(within)
    return socket.close_code


async def test_socket_without_a_start_is_closed_after_five_seconds(phone: Phone) -> None:
    """No socket stays open for a stranger."""

    async def seconds() -> float:
        async with media_socket(phone) as socket:
            begun = time.monotonic()
            await socket.send_str(foreign_media())
            assert await closing_code(socket, within=SOON) == 4408
            return time.monotonic() - begun

    assert 4.5 < await quickest(seconds, within=7) < 7


async def test_foreign_token_is_refused_with_a_code(phone: Phone) -> None:
    """A guessed token opens nothing."""
    async with media_socket(phone) as socket:
        await socket.send_str(start("CA1", phone.account.sid, "guess"))
        assert await closing_code(socket, within=SOON) == 4403


async def test_token_is_refused_the_second_time(phone: Phone) -> None:
    """Whoever has overheard a token comes too late."""
    async with phone.twilio() as twilio:
        call = await answered(phone, twilio)
        # An answer shows that the stream was let in.
        await call.say(spell("good"))
        await call.next_said(SOON)
        token = dict(call.streams[0].verb.parameters)["token"]
        async with media_socket(phone) as socket:
            await socket.send_str(start(call.sid, phone.account.sid, token))
            assert await closing_code(socket, within=SOON) == 4403
        await call.say(spell("hello"))
        assert (await call.next_said(SOON)).text == "Hi, how are you?"


@pytest.mark.parametrize(
    "junk",
    [
        BINARY_FRAME,
        BROKEN_JSON,
        UNKNOWN_EVENT,
        foreign_media(),
        '{"event":"stop","streamSid":"MZ9","stop":{"accountSid":"AC9","callSid":"CA9"}}',
        "[" * 60_000,
        "x" * 200_000,
    ],
    ids=["binary", "broken JSON", "unknown", "foreign media", "foreign stop", "deep", "huge"],
)
async def test_call_survives_junk_on_its_socket(phone: Phone, junk: str | bytes) -> None:
    """A frame that cannot be read is counted, and the next word is heard."""
    async with phone.twilio() as twilio:
        call = await answered(phone, twilio)
        stream = call.streams.live()[0]
        for _ in range(20):
            await stream.inject(junk)
        await call.say(spell("hello"))
        assert (await call.next_said(SOON)).text == "Hi, how are you?"
        await call.say(spell("goodbye"))
        await call.ended(SOON)
        row = await counted(call.sid)
    assert row.frames_malformed + row.frames_ignored == 20


async def test_junk_without_end_closes_the_stream(phone: Phone) -> None:
    """What is survived is bounded."""
    async with media_socket(phone) as socket:
        with suppress(ConnectionError):  # it may be closed before all are sent
            for _ in range(1000):
                await socket.send_str(BROKEN_JSON)
        assert await closing_code(socket, within=SOON) == 4400


async def test_socket_on_another_path_is_refused(phone: Phone) -> None:
    """And leaves no traceback in the log."""
    url = phone.server.url.replace("http", "ws") + "/voice/other"
    async with aiohttp.ClientSession() as client:
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await client.ws_connect(url)
    assert refused.value.status == 403
    assert "No route found" not in phone.server.log.read_text()


async def test_every_byte_of_audio_is_accounted_for(phone: Phone) -> None:
    """The record says how much was heard."""
    async with phone.twilio() as twilio:
        call = await answered(phone, twilio)
        await call.say(spell("goodbye"))
        await call.ended(SOON)
        row = await counted(call.sid)
    assert row.audio_bytes == call.streams[0].ticks * 160


async def counted(sid: str) -> Stream:
    """Wait until it is on record what came in on the stream of a call; return the stream.

    That the call is over is reported beside it, and often before.
    """
    call = await recorded(sid, lambda call: call.streams.filter(audio_bytes__gt=0).exists())
    return await call.streams.aget()
