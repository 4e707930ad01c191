"""How a call runs: documents, what is said, its end."""

from collections.abc import Callable
from functools import partial

import pytest
from aiohttp import web

from calls.simulator import CallOverError, EndReason, Twilio
from calls.simulator.service import PortTakenError
from tests.calls.simulator.conftest import ACCOUNT, Dial, Server
from tests.waiting import SOON

START = '<Start><Stream url="/media" name="ear"/></Start>'


@pytest.mark.asyncio
async def test_call_signs_its_first_request(server: Server, dial: Dial) -> None:
    """The webhook is a form POST signed over the exact URL and form."""
    call = await dial()
    await call.ended(SOON)
    path, form, headers = server.posts[0]
    assert path == "/voice"
    assert form["CallSid"] == call.sid
    assert form["CallStatus"] == "ringing"
    assert headers["X-Twilio-Signature"] == ACCOUNT.sign(f"{server.url}/voice", form)


@pytest.mark.asyncio
async def test_document_end_hangs_up(server: Server, dial: Dial) -> None:
    """After the last verb the call is over."""
    server.twiml["/voice"] = "<Say>Goodbye.</Say>"
    call = await dial()
    assert await call.ended(SOON) is EndReason.END_OF_DOCUMENT
    assert call.status == "completed"


@pytest.mark.asyncio
async def test_verbs_run_from_top_to_bottom(server: Server, dial: Dial) -> None:
    """Texts are said in the order in which they stand, through redirects."""
    server.twiml["/voice"] = (
        "<Say voice='x'>One</Say><Pause/><Redirect>/next</Redirect><Say>No</Say>"
    )
    server.twiml["/next"] = "<Say>Two</Say><Hangup/><Say>Three</Say>"
    call = await dial()
    first, second = await call.next_said(SOON), await call.next_said(SOON)
    assert (first.text, first.voice, first.source) == ("One", "x", "webhook")
    assert second.text == "Two"
    assert await call.ended(SOON) is EndReason.HANGUP_VERB
    assert len(call.log.of("say")) == 2


@pytest.mark.asyncio
async def test_second_request_says_in_progress(server: Server, dial: Dial) -> None:
    """Once answered, the call reports itself so."""
    server.twiml["/voice"] = "<Redirect>/next</Redirect>"
    call = await dial()
    await call.ended(SOON)
    assert server.forms("/next")[0]["CallStatus"] == "in-progress"


@pytest.mark.asyncio
async def test_start_stream_runs_beside_the_verbs(server: Server, dial: Dial) -> None:
    """Frames flow while the document goes on, and stop with the call."""
    server.twiml["/voice"] = START + "<Say>Hello</Say><Pause/>"
    call = await dial()
    with call.held_pauses():
        await call.stream_open(SOON)
        assert (await call.next_said(SOON)).text == "Hello"
        await server.message("media", 3)
    await call.ended(SOON)
    assert server.of("stop")[0]["stop"] == {"accountSid": ACCOUNT.sid, "callSid": call.sid}
    assert server.messages[-1]["event"] == "stop"


@pytest.mark.asyncio
async def test_stream_begins_as_twilio_does(server: Server, dial: Dial) -> None:
    """connected, start, then media whose numbers are strings."""
    server.twiml["/voice"] = (
        '<Start><Stream url="/media"><Parameter name="token" value="t"/></Stream></Start>'
        '<Pause length="60"/>'
    )
    call = await dial()
    stream = await call.stream_open(SOON)
    await server.message("media", 3)
    connected, start, first, second = server.messages[:4]
    assert connected == {"event": "connected", "protocol": "Call", "version": "1.0.0"}
    assert start["sequenceNumber"] == "1"
    assert start["streamSid"] == start["start"]["streamSid"] == stream.sid
    assert start["start"]["customParameters"] == {"token": "t"}
    assert start["start"]["mediaFormat"] == {
        "encoding": "audio/x-mulaw",
        "sampleRate": 8000,
        "channels": 1,
    }
    assert (first["sequenceNumber"], first["media"]["chunk"]) == ("2", "1")
    assert (second["sequenceNumber"], second["media"]["chunk"]) == ("3", "2")
    assert 95 <= int(first["media"]["timestamp"]) <= 175


@pytest.mark.asyncio
async def test_http_error_is_an_application_error(server: Server, dial: Dial) -> None:
    """A webhook that answers 403 ends the call; the failure is told."""
    server.answers["/voice"] = partial(web.Response, status=403)
    call = await dial()
    assert await call.ended(SOON) is EndReason.APPLICATION_ERROR
    assert "403" in call.failure
    assert call.log.warnings() == [11200]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (partial(web.Response, status=500), "11200"),
        (
            partial(web.Response, text="<Response><Speak/></Response>", content_type="text/xml"),
            "12200",
        ),
        (partial(web.Response, text="{}", content_type="application/json"), "12300"),
    ],
)
async def test_fallback_is_asked_when_a_document_fails(
    server: Server, dial: Dial, answer: Callable[[], web.Response], code: str
) -> None:
    """It is told the error and where it happened."""
    server.answers["/voice"] = answer
    server.twiml["/fallback"] = "<Say>Sorry</Say>"
    call = await dial(fallback_url=f"{server.url}/fallback")
    assert (await call.next_said(SOON)).text == "Sorry"
    (form,) = server.forms("/fallback")
    assert (form["ErrorCode"], form["ErrorUrl"]) == (code, f"{server.url}/voice")


@pytest.mark.asyncio
async def test_failing_fallback_ends_the_call(server: Server, dial: Dial) -> None:
    """It is asked once."""
    server.answers["/voice"] = partial(web.Response, status=500)
    call = await dial(fallback_url=f"{server.url}/voice")
    assert await call.ended(SOON) is EndReason.APPLICATION_ERROR
    assert len(server.forms("/voice")) == 1


@pytest.mark.asyncio
async def test_slow_webhook_times_out(
    server: Server, dial: Dial, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After Twilio's limit, which is shortened here, the call fails."""
    monkeypatch.setattr("calls.simulator.webhook.ANSWER_SECONDS", 0.1)
    server.delay = 1.0
    call = await dial()
    assert await call.ended(SOON) is EndReason.APPLICATION_ERROR
    assert call.log.warnings() == [11205]


@pytest.mark.asyncio
async def test_connection_is_tried_twice(twilio: Twilio) -> None:
    """By default only a failed connection is tried again, once."""
    call = await twilio.dial("http://127.0.0.1:1/voice", from_="+1", to="+2")
    assert await call.ended(SOON) is EndReason.APPLICATION_ERROR
    assert len(call.log.of("request")) == 2


@pytest.mark.asyncio
async def test_endless_redirects_end_the_call(server: Server, dial: Dial) -> None:
    """Ten in a row without time passing are followed, not more."""
    server.twiml["/voice"] = "<Redirect>/voice</Redirect>"
    call = await dial()
    assert await call.ended(SOON) is EndReason.APPLICATION_ERROR
    assert len(server.forms("/voice")) == 11


@pytest.mark.asyncio
async def test_redirects_with_time_between_them_go_on(server: Server, dial: Dial) -> None:
    """A loop in which the caller waits is no fault."""
    server.twiml["/voice"] = "<Pause/><Redirect>/voice</Redirect>"
    call = await dial()
    await server.posted("/voice", 13)
    assert call.status == "in-progress"


@pytest.mark.asyncio
async def test_http_redirect_is_followed_by_get(server: Server, dial: Dial) -> None:
    """A 302 loses the form, as a body is not repeated."""
    server.answers["/voice"] = partial(web.Response, status=302, headers={"Location": "/moved"})
    server.twiml["/moved"] = "<Say>Moved</Say>"
    call = await dial()
    assert (await call.next_said(SOON)).text == "Moved"
    assert server.forms("/moved") == [{}]


@pytest.mark.asyncio
async def test_get_webhook_has_its_parameters_in_the_query(server: Server, dial: Dial) -> None:
    """A redirect by GET is signed over the whole URL."""
    server.twiml["/voice"] = "<Redirect method='GET'>/next?a=1</Redirect>"
    call = await dial()
    await call.ended(SOON)
    url = str(call.log.of("request")[-1].detail["url"])
    assert url.startswith(f"{server.url}/next?a=1&CallSid={call.sid}")
    assert server.posts[-1][2]["X-Twilio-Signature"] == ACCOUNT.sign(url)


@pytest.mark.asyncio
async def test_cookies_belong_to_the_call(server: Server, dial: Dial) -> None:
    """They come back within the call, and in no other."""
    server.cookie = "seen"
    server.twiml["/voice"] = "<Redirect>/next</Redirect>"
    for _ in range(2):
        call = await dial()
        await call.ended(SOON)
    cookies = [headers.get("Cookie") for _, _, headers in server.posts]
    assert cookies == [None, "session=seen", None, "session=seen"]


@pytest.mark.asyncio
async def test_plain_text_is_read_aloud(server: Server, dial: Dial) -> None:
    """text/plain that is no document is spoken."""
    server.answers["/voice"] = partial(web.Response, text="Just text")
    call = await dial()
    assert (await call.next_said(SOON)).text == "Just text"


@pytest.mark.asyncio
async def test_caller_hangs_up(server: Server, dial: Dial) -> None:
    """Streams stop and the call is over."""
    server.twiml["/voice"] = START + "<Pause length='3600'/>"
    call = await dial()
    stream = await call.stream_open(SOON)
    await call.hang_up()
    assert await call.ended(SOON) is EndReason.CALLER
    assert stream.end is not None
    assert stream.end.how == "stopped"


@pytest.mark.asyncio
async def test_waiting_ends_with_the_call(dial: Dial) -> None:
    """What will not come any more is not waited for."""
    call = await dial()
    with pytest.raises(CallOverError, match="the document ended"):
        await call.next_said(SOON)
    with pytest.raises(CallOverError):
        await call.stream_open(SOON)


@pytest.mark.asyncio
async def test_waiting_in_vain_times_out(server: Server, dial: Dial) -> None:
    """The error names what was waited for."""
    server.twiml["/voice"] = "<Pause length='3600'/>"
    call = await dial()
    with pytest.raises(TimeoutError, match="something said"):
        await call.next_said(0.01)


@pytest.mark.asyncio
async def test_heard_out_waits_for_all_that_is_said(server: Server, dial: Dial) -> None:
    """Between two texts in a row there is no silence."""
    server.twiml["/voice"] = "<Say>One, two</Say><Say>three</Say><Pause length='3600'/>"
    call = await dial()
    await call.next_said(SOON)
    await call.heard_out(SOON)
    assert len(call.log.of("say")) == 2


@pytest.mark.asyncio
async def test_held_pause_does_not_end(server: Server, dial: Dial) -> None:
    """However short it is; what follows it comes when it is let go."""
    server.twiml["/voice"] = "<Pause/><Say>Next</Say>"
    call = await dial()
    with call.held_pauses(), pytest.raises(TimeoutError):
        await call.next_said(0.1)
    assert (await call.next_said(SOON)).text == "Next"


@pytest.mark.asyncio
async def test_taken_port_is_told(twilio: Twilio) -> None:
    """A second REST API on the same port says what is wrong."""
    port = int(twilio.api_url.rpartition(":")[2])
    with pytest.raises(PortTakenError, match=str(port)):
        async with Twilio(ACCOUNT, api_port=port):
            pass


@pytest.mark.asyncio
async def test_too_long_say_is_warned_of(server: Server, dial: Dial) -> None:
    """It is spoken all the same."""
    server.twiml["/voice"] = f"<Say>{'x' * 4097}</Say>"
    call = await dial()
    assert len((await call.next_said(SOON)).text) == 4097
    assert call.log.warnings() == [13521]


@pytest.mark.asyncio
async def test_say_without_a_stream_is_lost(server: Server, dial: Dial) -> None:
    """The caller speaks, and nobody listens."""
    server.twiml["/voice"] = "<Pause length='3600'/>"
    call = await dial()
    assert await call.say(b"\x10" * 160) is False
