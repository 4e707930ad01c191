"""Gather: what the caller says and presses, and what the server is told of it."""

import time

import pytest
from aiohttp import web

from calls.simulator import EndReason
from tests.calls.simulator.conftest import Dial, Server
from tests.waiting import SOON

LISTEN = "<Gather input='dtmf speech' speechTimeout='auto' action='/heard' timeout='1000'>"


@pytest.mark.asyncio
async def test_gather_posts_the_keys(server: Server, dial: Dial) -> None:
    """As soon as there are enough; a key cuts the prompt."""
    server.twiml["/voice"] = (
        f"<Gather numDigits='2' action='/keys'><Say>{'Press ' * 10_000}</Say></Gather>"
    )
    call = await dial()
    await call.next_said(SOON)
    await call.press("4")
    await call.press("2")
    assert (await server.posted("/keys"))[0]["Digits"] == "42"


@pytest.mark.asyncio
async def test_gather_ends_with_its_finish_key(server: Server, dial: Dial) -> None:
    """The key itself is not posted."""
    server.twiml["/voice"] = "<Gather action='/keys' timeout='100'/>"
    call = await dial()
    for key in "12#":
        await call.press(key)
    assert (await server.posted("/keys"))[0]["Digits"] == "12"


@pytest.mark.asyncio
async def test_gather_without_keys_falls_through(server: Server, dial: Dial) -> None:
    """The next verb runs when the time is over."""
    server.twiml["/voice"] = "<Gather action='/keys' timeout='1'/><Say>Nothing</Say>"
    call = await dial()
    assert (await call.next_said(SOON)).text == "Nothing"
    assert server.forms("/keys") == []


@pytest.mark.asyncio
async def test_gather_posts_what_was_said(server: Server, dial: Dial) -> None:
    """With how sure Twilio is of it; speech cuts the prompt."""
    server.twiml["/voice"] = f"{LISTEN}<Say>{'Speak ' * 10_000}</Say></Gather>"
    call = await dial()
    await call.next_said(SOON)
    assert await call.answer("hello there", confidence=0.8)
    (form,) = await server.posted("/heard")
    assert (form["SpeechResult"], form["Confidence"]) == ("hello there", "0.8")
    assert "Digits" not in form
    assert call.log.of("sound-cut")


@pytest.mark.asyncio
async def test_confidence_may_be_absent(server: Server, dial: Dial) -> None:
    """Twilio does not always tell it."""
    server.twiml["/voice"] = f"{LISTEN}</Gather>"
    call = await dial()
    await call.gathering(SOON)
    await call.answer("hello", confidence=None)
    assert "Confidence" not in (await server.posted("/heard"))[0]


@pytest.mark.asyncio
async def test_all_that_is_said_before_a_silence_is_one_result(server: Server, dial: Dial) -> None:
    """As sure as of the part that was understood worst; keys do not matter any more."""
    server.twiml["/voice"] = "<Gather input='speech dtmf' speechTimeout='20' action='/heard'/>"
    call = await dial()
    await call.gathering(SOON)
    await call.answer("the weather", confidence=0.9)
    await call.press("1")
    await call.answer("tomorrow", confidence=0.5)
    (form,) = await server.posted("/heard")
    assert (form["SpeechResult"], form["Confidence"]) == ("the weather tomorrow", "0.5")
    assert "Digits" not in form


@pytest.mark.asyncio
async def test_keys_are_not_mixed_with_speech(server: Server, dial: Dial) -> None:
    """Whichever comes first is what is waited for."""
    server.twiml["/voice"] = f"{LISTEN}</Gather>"
    call = await dial()
    await call.gathering(SOON)
    await call.press("1")
    await call.answer("hello")
    await call.press("#")
    (form,) = await server.posted("/heard")
    assert form["Digits"] == "1"
    assert "SpeechResult" not in form


@pytest.mark.asyncio
@pytest.mark.parametrize("inputs", ["", "input='dtmf'"])
async def test_speech_that_no_gather_waits_for_is_lost(
    server: Server, dial: Dial, inputs: str
) -> None:
    """A Gather for keys hears no words."""
    server.twiml["/voice"] = f"<Gather {inputs} timeout='5' action='/heard'/><Say>Nothing</Say>"
    call = await dial()
    await call.gathering(SOON)
    assert await call.answer("hello") is False
    assert (await call.next_said(SOON)).text == "Nothing"
    assert server.forms("/heard") == []


@pytest.mark.asyncio
async def test_gather_for_speech_takes_no_keys(server: Server, dial: Dial) -> None:
    """They are passed over, and the time runs on."""
    server.twiml["/voice"] = (
        "<Gather input='speech' timeout='5' action='/heard'/><Say>Nothing</Say>"
    )
    call = await dial()
    await call.press("1")
    assert (await call.next_said(SOON)).text == "Nothing"
    assert server.forms("/heard") == []


@pytest.mark.asyncio
async def test_speech_without_a_word_falls_through(server: Server, dial: Dial) -> None:
    """There is nothing to be told, and the next verb runs at once."""
    server.twiml["/voice"] = f"{LISTEN}</Gather><Say>Nothing</Say>"
    call = await dial()
    await call.gathering(SOON)
    began = time.monotonic()
    await call.answer("")
    assert (await call.next_said(SOON)).text == "Nothing"
    assert time.monotonic() - began < 10
    assert server.forms("/heard") == []


@pytest.mark.asyncio
@pytest.mark.parametrize("said", [None, ""], ids=["silence", "no word"])
async def test_empty_result_is_posted_where_the_document_wants_it(
    server: Server, dial: Dial, said: str | None
) -> None:
    """Instead of the verbs that follow."""
    server.twiml["/voice"] = (
        "<Gather input='speech dtmf' timeout='5' action='/heard' actionOnEmptyResult='true'/>"
        "<Say>Never</Say>"
    )
    server.twiml["/heard"] = "<Say>You said nothing</Say>"
    call = await dial()
    await call.gathering(SOON)
    if said is not None:
        await call.answer(said)
    assert (await call.next_said(SOON)).text == "You said nothing"
    assert not server.forms("/heard")[0].get("SpeechResult")


@pytest.mark.asyncio
async def test_words_do_not_wait_for_the_next_gather(server: Server, dial: Dial) -> None:
    """Who speaks while nobody listens is not heard."""
    server.twiml["/voice"] = f"<Say>Welcome</Say><Pause length='3600'/>{LISTEN}</Gather>"
    call = await dial()
    await call.next_said(SOON)
    assert await call.answer("hello") is False


@pytest.mark.asyncio
async def test_prompt_that_cannot_be_played_ends_the_call(server: Server, dial: Dial) -> None:
    """What is nested is part of the document."""
    server.answers["/a.wav"] = lambda: web.Response(body=b"noise", content_type="audio/wav")
    server.twiml["/voice"] = f"{LISTEN}<Play>/a.wav</Play></Gather>"
    call = await dial()
    assert await call.ended(SOON) is EndReason.APPLICATION_ERROR
