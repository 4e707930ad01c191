"""Dial: whom it calls, how it ends, and what goes on meanwhile."""

from functools import partial

import pytest
from aiohttp import web

from calls.simulator import DialResult, EndReason, Twilio
from calls.simulator.dialling import DialStatus
from calls.simulator.interpreter import FromRest
from tests.calls.simulator.conftest import ACCOUNT, Dial, Server
from tests.waiting import SOON

START = '<Start><Stream url="/media" name="ear"/></Start>'
# The pause is the moment in which a test decides how the Dial ends.
DIAL = "<Pause/><Dial action='/dialled'>+31207654321</Dial>"
LONG = DialResult(seconds=3600)


@pytest.mark.asyncio
@pytest.mark.parametrize("status", ["completed", "busy", "no-answer", "failed", "canceled"])
async def test_dial_reports_its_result_to_the_action(
    server: Server, dial: Dial, status: DialStatus
) -> None:
    """The other side answers, or does not, as the test decides."""
    server.twiml["/voice"] = DIAL
    server.twiml["/dialled"] = "<Hangup/>"
    call = await dial()
    call.set_dial_result(DialResult(status, 1))
    assert await call.ended(SOON) is EndReason.HANGUP_VERB
    (form,) = server.forms("/dialled")
    assert (form["DialCallStatus"], form["CallSid"]) == (status, call.sid)
    assert form["CallStatus"] == "in-progress"
    assert form["DialCallSid"].startswith("CA")
    assert ("DialCallDuration" in form) == (status == "completed")


@pytest.mark.asyncio
async def test_action_is_signed(server: Server, dial: Dial) -> None:
    """As any webhook is, its own parameters included."""
    server.twiml["/voice"] = DIAL
    call = await dial()
    await call.ended(SOON)
    form, headers = next((form, head) for path, form, head in server.posts if path == "/dialled")
    assert headers["X-Twilio-Signature"] == ACCOUNT.sign(f"{server.url}/dialled", form)


@pytest.mark.asyncio
async def test_dial_without_an_action_goes_on(server: Server, dial: Dial) -> None:
    """The verbs behind it are run."""
    server.twiml["/voice"] = "<Dial>+31207654321</Dial><Say>Next</Say>"
    call = await dial()
    assert (await call.next_said(SOON)).text == "Next"


@pytest.mark.asyncio
async def test_dial_shows_the_number_of_the_caller(server: Server, dial: Dial) -> None:
    """Where the document names no other."""
    server.twiml["/voice"] = "<Dial><Number>+31207654321</Number></Dial>"
    call = await dial()
    dialled = await call.first_dialled(SOON)
    assert (dialled.numbers, dialled.caller_id) == (("+31207654321",), "+31600000001")


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("caller_id", "warnings"), [("+31600000002", []), ("+15005550006", [13214])]
)
async def test_caller_id_is_a_number_of_the_call(
    server: Server, dial: Dial, caller_id: str, warnings: list[int]
) -> None:
    """Another number is warned of."""
    server.twiml["/voice"] = f"<Dial callerId='{caller_id}'>+31207654321</Dial>"
    call = await dial()
    await call.ended(SOON)
    assert call.dialled[0].caller_id == caller_id
    assert call.log.warnings() == warnings


@pytest.mark.asyncio
async def test_dial_of_no_number_fails(server: Server, dial: Dial) -> None:
    """It is an error of the document."""
    server.twiml["/voice"] = "<Dial><Number/></Dial>"
    call = await dial()
    assert await call.ended(SOON) is EndReason.APPLICATION_ERROR
    assert call.log.warnings() == [13223]
    assert call.dialled == []


@pytest.mark.asyncio
async def test_stream_goes_on_while_the_two_talk(server: Server, dial: Dial) -> None:
    """Whoever listened before goes on listening."""
    server.twiml["/voice"] = START + DIAL
    call = await dial()
    call.set_dial_result(LONG)
    stream = await call.stream_open(SOON)
    await call.first_dialled(SOON)
    assert await call.say(b"\x10" * 160)
    assert stream.live


@pytest.mark.asyncio
async def test_stream_that_was_stopped_hears_nothing_of_it(server: Server, dial: Dial) -> None:
    """Stop before Dial keeps the two to themselves."""
    server.twiml["/voice"] = START + "<Pause length='50'/><Redirect>/next</Redirect>"
    server.twiml["/next"] = "<Stop><Stream name='ear'/></Stop>" + DIAL
    call = await dial()
    call.set_dial_result(LONG)
    await call.stream_open(SOON)
    await call.first_dialled(SOON)
    assert await call.say(b"\x10" * 160) is False


@pytest.mark.asyncio
@pytest.mark.parametrize(("result", "told"), [("completed", "completed"), ("busy", "canceled")])
async def test_caller_who_hangs_up_ends_the_dial(
    server: Server, dial: Dial, result: DialStatus, told: str
) -> None:
    """The action is told before the end of the call is; what it answers is not followed."""
    server.twiml["/voice"] = DIAL
    server.twiml["/dialled"] = "<Say>Never</Say>"
    call = await dial(status_callback=f"{server.url}/status")
    call.set_dial_result(DialResult(result, 3600))
    await call.first_dialled(SOON)
    await call.hang_up()
    (form,) = server.forms("/dialled")
    assert (form["DialCallStatus"], form["CallStatus"]) == (told, "completed")
    assert [path for path, *_ in server.posts] == ["/voice", "/dialled", "/status"]
    assert not call.log.of("say")


@pytest.mark.asyncio
async def test_action_may_come_behind_the_end_of_the_call(
    server: Server, dial: Dial, twilio: Twilio
) -> None:
    """As a fault that is asked for; it comes once."""
    twilio.faults.dial_action_comes_last = True
    server.twiml["/voice"] = DIAL
    call = await dial(status_callback=f"{server.url}/status")
    call.set_dial_result(LONG)
    await call.first_dialled(SOON)
    await call.hang_up()
    assert [path for path, *_ in server.posts] == ["/voice", "/status", "/dialled"]


@pytest.mark.asyncio
async def test_update_leaves_the_dial_without_an_end(
    server: Server, dial: Dial, twilio: Twilio
) -> None:
    """A document that replaces it is carried out, and the action is never asked."""
    server.twiml["/voice"] = DIAL
    call = await dial()
    call.set_dial_result(LONG)
    await call.first_dialled(SOON)
    call.replace(FromRest("<Response><Say>Back</Say></Response>"))
    assert (await call.next_said(SOON)).text == "Back"
    await call.ended(SOON)
    assert server.forms("/dialled") == []


@pytest.mark.asyncio
async def test_failing_action_is_reported_when_the_caller_has_hung_up(
    server: Server, dial: Dial
) -> None:
    """The call is over all the same."""
    server.twiml["/voice"] = DIAL
    server.answers["/dialled"] = partial(web.Response, status=500)
    call = await dial()
    call.set_dial_result(LONG)
    await call.first_dialled(SOON)
    await call.hang_up()
    assert call.log.warnings() == [11200]
