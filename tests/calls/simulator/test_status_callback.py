"""What the server is told of a call beside the call."""

from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import partial

import pytest
from aiohttp import web

from calls.simulator import Twilio
from tests.calls.simulator.conftest import ACCOUNT, Dial, Server
from tests.waiting import SOON

ALL_EVENTS = ("initiated", "ringing", "answered", "completed")


@pytest.mark.asyncio
async def test_completed_is_reported_by_default(server: Server, dial: Dial) -> None:
    """One callback, signed, numbered 0, with the length of the call."""
    call = await dial(status_callback=f"{server.url}/status")
    await call.ended(SOON)
    (form,) = await server.posted("/status")
    assert (form["CallStatus"], form["SequenceNumber"], form["CallDuration"]) == (
        "completed",
        "0",
        "0",
    )
    assert parsedate_to_datetime(form["Timestamp"]).tzinfo is not None
    headers = server.posts[-1][2]
    assert headers["X-Twilio-Signature"] == ACCOUNT.sign(f"{server.url}/status", form)


@pytest.mark.asyncio
async def test_subscribed_events_are_numbered(server: Server, dial: Dial) -> None:
    """`answered` is reported as in-progress; the numbers count what is sent."""
    call = await dial(status_callback=f"{server.url}/status", status_events=ALL_EVENTS)
    await call.ended(SOON)
    forms = await server.posted("/status", 4)
    assert [(form["CallStatus"], form["SequenceNumber"]) for form in forms] == [
        ("initiated", "0"),
        ("ringing", "1"),
        ("in-progress", "2"),
        ("completed", "3"),
    ]


@pytest.mark.asyncio
async def test_rejected_call_is_busy(server: Server, dial: Dial) -> None:
    """A call that was never answered does not complete."""
    server.twiml["/voice"] = "<Reject/>"
    call = await dial(status_callback=f"{server.url}/status", status_events=ALL_EVENTS)
    await call.ended(SOON)
    forms = await server.posted("/status", 3)
    assert [form["CallStatus"] for form in forms] == ["initiated", "ringing", "busy"]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("faults", "numbers"),
    [
        (["drop"], ["1", "2", "3"]),
        (["double"], ["0", "0", "1", "2", "3"]),
        ([None, "hold"], ["0", "2", "1", "3"]),
    ],
)
async def test_callbacks_go_astray_on_demand(
    server: Server, dial: Dial, twilio: Twilio, faults: list[None], numbers: list[str]
) -> None:
    """Lost, sent twice, or overtaken."""
    twilio.faults.status_callbacks.extend(faults)
    call = await dial(status_callback=f"{server.url}/status", status_events=ALL_EVENTS)
    await call.ended(SOON)
    assert [form["SequenceNumber"] for form in server.forms("/status")] == numbers


@pytest.mark.asyncio
async def test_stream_reports_its_beginning_and_end(server: Server, dial: Dial) -> None:
    """With ISO times that have nanoseconds, and the stream's name."""
    server.twiml["/voice"] = (
        '<Start><Stream url="/media" name="ear" statusCallback="/s"/></Start><Pause length="50"/>'
    )
    call = await dial()
    await call.ended(SOON)
    started, stopped = await server.posted("/s", 2)
    assert (started["StreamEvent"], stopped["StreamEvent"]) == ("stream-started", "stream-stopped")
    assert (started["StreamName"], started["StreamSid"]) == ("ear", call.streams[0].sid)
    assert "StreamError" not in started
    assert len(started["Timestamp"]) == len("2024-11-29T00:09:39.602648368Z")
    assert datetime.fromisoformat(started["Timestamp"]).tzinfo is not None


@pytest.mark.asyncio
async def test_stream_reports_a_failed_handshake(server: Server, dial: Dial) -> None:
    """stream-error names the code; nothing was started."""
    server.twiml["/voice"] = (
        '<Connect><Stream url="/nothing" statusCallback="/s"/></Connect><Say>Sorry</Say>'
    )
    call = await dial()
    assert (await call.next_said(SOON)).text == "Sorry"
    (form,) = await server.posted("/s")
    assert form["StreamEvent"] == "stream-error"
    assert form["StreamError"].startswith("31920")
    assert form["StreamName"] == form["StreamSid"]


@pytest.mark.asyncio
async def test_refused_callback_is_a_warning(server: Server, dial: Dial) -> None:
    """The call is over all the same."""
    server.answers["/status"] = partial(web.Response, status=500)
    call = await dial(status_callback=f"{server.url}/status")
    await call.ended(SOON)
    assert call.log.warnings() == [11200]
