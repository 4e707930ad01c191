"""Play: recordings that are fetched and sound, and those that cannot be."""

import time
from functools import partial

import pytest
from aiohttp import web

from calls.simulator import EndReason
from calls.simulator.options import CLIPS
from tests.calls.simulator.conftest import Dial, Server
from tests.waiting import SOON


@pytest.mark.asyncio
async def test_play_takes_as_long_as_its_sound(server: Server, dial: Dial) -> None:
    """A WAV file is fetched and sounds in real time."""
    server.answers["/a.wav"] = partial(
        web.Response, body=(CLIPS / "good.wav").read_bytes(), content_type="audio/wav"
    )
    server.twiml["/voice"] = "<Play>/a.wav</Play>"
    began = time.monotonic()
    call = await dial()
    assert await call.first_played(SOON) == f"{server.url}/a.wav"
    assert await call.ended(SOON) is EndReason.END_OF_DOCUMENT
    assert time.monotonic() - began >= 0.75


@pytest.mark.asyncio
async def test_unusable_sound_is_an_application_error(server: Server, dial: Dial) -> None:
    """A Play of what is no sound ends the call."""
    server.answers["/a.wav"] = partial(web.Response, body=b"noise", content_type="audio/wav")
    server.twiml["/voice"] = "<Play>/a.wav</Play>"
    call = await dial()
    assert await call.ended(SOON) is EndReason.APPLICATION_ERROR
    assert "a.wav" in call.failure


@pytest.mark.asyncio
async def test_sound_that_cannot_be_fetched_is_passed_over(server: Server, dial: Dial) -> None:
    """The call goes on with the next verb, and the address is on record."""
    server.answers["/gone.mp3"] = partial(web.Response, status=404)
    server.twiml["/voice"] = "<Play>/gone.mp3</Play><Say>Next</Say>"
    call = await dial()
    assert (await call.next_said(SOON)).text == "Next"
    assert call.log.warnings() == [11200]
    assert call.played == [f"{server.url}/gone.mp3"]


@pytest.mark.asyncio
async def test_digits_are_no_recording(server: Server, dial: Dial) -> None:
    """Tones are played without being fetched."""
    server.twiml["/voice"] = "<Play digits='1'/>"
    call = await dial()
    await call.ended(SOON)
    assert call.log.of("play")[0].detail["digits"] == "1"
    assert call.played == []
