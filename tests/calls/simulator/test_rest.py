"""The REST API, asked as a product asks it: with the twilio package."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from twilio.base.exceptions import TwilioRestException
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.rest import Client

from calls.simulator import EndReason, RestFault, Twilio
from calls.simulator.interpreter import FromRest
from tests.calls.simulator.conftest import ACCOUNT, Dial, Server
from tests.waiting import SOON

# The twilio package still uses what aiohttp is going to drop.
pytestmark = pytest.mark.filterwarnings(
    "ignore:BasicAuth is deprecated:DeprecationWarning",
    "ignore:The 'auth' parameter is deprecated:DeprecationWarning",
)

WAIT = "<Pause length='3600'/>"
START = '<Start><Stream url="/media" name="ear"/></Start>'
CONNECT = '<Connect><Stream url="/media"/></Connect>'


def document(inner: str) -> str:
    return f"<Response>{inner}</Response>"


@pytest_asyncio.fixture
async def client(twilio: Twilio) -> AsyncIterator[Client]:
    http = AsyncTwilioHttpClient()
    client = Client(ACCOUNT.sid, ACCOUNT.auth_token, http_client=http)
    client.api.base_url = twilio.api_url
    yield client
    await http.close()


async def refused(client: Client, sid: str, **change: Any) -> tuple[int, int | None]:
    """Ask for a change that is refused; returns the HTTP status and Twilio's code."""
    with pytest.raises(TwilioRestException) as refusal:
        await client.calls(sid).update_async(**change)
    return refusal.value.status, refusal.value.code


@pytest.mark.asyncio
async def test_update_replaces_the_running_document(
    server: Server, dial: Dial, client: Client
) -> None:
    """What was under way is dropped, and the new document runs."""
    server.twiml["/voice"] = WAIT + "<Say>Never</Say>"
    call = await dial()
    answer = await client.calls(call.sid).update_async(twiml=document("<Say>New</Say><Hangup/>"))
    assert (answer.sid, answer.status, answer.account_sid) == (call.sid, "in-progress", ACCOUNT.sid)
    said = await call.next_said(SOON)
    assert (said.text, said.source) == ("New", "rest")
    assert await call.ended(SOON) is EndReason.HANGUP_VERB


@pytest.mark.asyncio
async def test_update_cuts_what_is_being_said(
    server: Server, dial: Dial, client: Client, twilio: Twilio
) -> None:
    """The caller does not hear the rest of it."""
    server.twiml["/voice"] = f"<Say>{'long ' * 10_000}</Say>"
    call = await dial()
    await call.next_said(SOON)
    await client.calls(call.sid).update_async(twiml=document("<Say>Short</Say>"))
    assert (await call.next_said(SOON)).text == "Short"
    assert call.log.of("sound-cut")


@pytest.mark.asyncio
async def test_update_with_url_fetches_the_document(
    server: Server, dial: Dial, client: Client
) -> None:
    """Url is requested as any webhook."""
    server.twiml["/voice"] = WAIT
    server.twiml["/next"] = "<Hangup/>"
    call = await dial()
    await client.calls(call.sid).update_async(url=f"{server.url}/next")
    assert await call.ended(SOON) is EndReason.HANGUP_VERB
    assert server.forms("/next")[0]["CallSid"] == call.sid


@pytest.mark.asyncio
async def test_update_to_completed_ends_the_call(
    server: Server, dial: Dial, client: Client
) -> None:
    """Status=completed hangs up."""
    server.twiml["/voice"] = WAIT
    call = await dial()
    answer = await client.calls(call.sid).update_async(status="completed")
    assert answer.status == "completed"
    assert await call.ended(SOON) is EndReason.REST


@pytest.mark.asyncio
async def test_start_stream_survives_an_update(server: Server, dial: Dial, client: Client) -> None:
    """The fork keeps running, and its numbers go on."""
    server.twiml["/voice"] = START + WAIT
    call = await dial()
    stream = await call.stream_open(SOON)
    await client.calls(call.sid).update_async(twiml=document("<Say>Hi</Say>" + WAIT))
    await call.next_said(SOON)
    count = len(server.of("media"))
    await server.message("media", count + 3)
    assert stream.live
    assert len(call.streams) == 1


@pytest.mark.asyncio
async def test_connect_stream_is_torn_down_by_an_update(
    server: Server, dial: Dial, client: Client
) -> None:
    """stop, then close, then the new document."""
    server.twiml["/voice"] = CONNECT + WAIT
    call = await dial()
    stream = await call.stream_open(SOON)
    await client.calls(call.sid).update_async(twiml=document("<Say>Hi</Say>" + WAIT))
    await call.next_said(SOON)
    assert (await stream.ended()).how == "stopped"
    await asyncio.wait_for(server.closed.wait(), SOON)
    assert server.messages[-1]["event"] == "stop"


@pytest.mark.asyncio
async def test_unparsable_twiml_is_an_application_error(
    server: Server, dial: Dial, client: Client
) -> None:
    """The request succeeds, the call does not."""
    server.twiml["/voice"] = WAIT
    call = await dial()
    await client.calls(call.sid).update_async(twiml="<Response><Say>")
    assert await call.ended(SOON) is EndReason.APPLICATION_ERROR
    assert 12100 in call.log.warnings()


@pytest.mark.asyncio
async def test_too_long_twiml_is_refused(server: Server, dial: Dial, client: Client) -> None:
    """4000 characters are allowed, 4001 are not."""
    server.twiml["/voice"] = WAIT
    call = await dial()
    longest = document(WAIT + f"<Say>{'x' * (4000 - len(document(WAIT + '<Say></Say>')))}</Say>")
    assert len(longest) == 4000
    await client.calls(call.sid).update_async(twiml=longest)
    assert await refused(client, call.sid, twiml=longest + " ") == (400, 32018)


@pytest.mark.asyncio
async def test_call_that_is_over_cannot_be_changed(dial: Dial, client: Client) -> None:
    """Both kinds of update are refused."""
    call = await dial()
    await call.ended(SOON)
    assert await refused(client, call.sid, twiml=document("")) == (400, 21220)
    assert await refused(client, call.sid, status="completed") == (400, 21220)


@pytest.mark.asyncio
async def test_running_call_cannot_be_canceled(server: Server, dial: Dial, client: Client) -> None:
    """Only a call that was not answered can be."""
    server.twiml["/voice"] = WAIT
    call = await dial()
    assert await refused(client, call.sid, status="canceled") == (400, 21220)


@pytest.mark.asyncio
async def test_unknown_call_is_not_found(client: Client) -> None:
    """Its code is 20404."""
    assert await refused(client, "CA" + "9" * 32, status="completed") == (404, 20404)


@pytest.mark.asyncio
async def test_wrong_token_is_refused(dial: Dial, twilio: Twilio) -> None:
    """Without the account's credentials nothing is told."""
    call = await dial()
    url = f"{twilio.api_url}/2010-04-01/Accounts/{ACCOUNT.sid}/Calls/{call.sid}.json"
    headers = {"Authorization": aiohttp.encode_basic_auth(ACCOUNT.sid, "wrong")}
    async with aiohttp.ClientSession(headers=headers) as session, session.get(url) as response:
        assert response.status == 401
        assert (await response.json())["code"] == 20003


@pytest.mark.asyncio
async def test_fetch_shows_the_call(server: Server, dial: Dial, client: Client) -> None:
    """GET gives the call's JSON."""
    server.twiml["/voice"] = WAIT
    call = await dial()
    shown = await client.calls(call.sid).fetch_async()
    assert (shown.status, shown.direction, shown.to) == ("in-progress", "inbound", "+31600000002")


@pytest.mark.asyncio
async def test_requests_are_recorded(
    server: Server, dial: Dial, client: Client, twilio: Twilio
) -> None:
    """Path, form and the status of the answer."""
    server.twiml["/voice"] = WAIT
    call = await dial()
    await client.calls(call.sid).update_async(status="completed")
    (request,) = twilio.rest_requests
    assert request.path.endswith(f"/Calls/{call.sid}.json")
    assert (request.form, request.answered_status) == ({"Status": "completed"}, 200)


@pytest.mark.asyncio
@pytest.mark.parametrize(("status", "code"), [(429, 20429), (500, 20500)])
async def test_refusal_on_demand_changes_nothing(
    server: Server, dial: Dial, client: Client, twilio: Twilio, status: int, code: int
) -> None:
    """The next request fails, the one after it does not."""
    server.twiml["/voice"] = WAIT
    call = await dial()
    twilio.faults.rest.append(RestFault.refuse(status))
    assert await refused(client, call.sid, status="completed") == (status, code)
    assert call.status == "in-progress"
    await client.calls(call.sid).update_async(status="completed")
    assert await call.ended(SOON) is EndReason.REST


@pytest.mark.asyncio
async def test_hanging_request_changes_nothing(
    server: Server, dial: Dial, client: Client, twilio: Twilio
) -> None:
    """The client's deadline passes, the call goes on."""
    server.twiml["/voice"] = WAIT
    call = await dial()
    twilio.faults.rest.append(RestFault.hang(30))
    updating = asyncio.create_task(client.calls(call.sid).update_async(status="completed"))
    async with asyncio.timeout(SOON):
        while not twilio.rest_requests:  # noqa: ASYNC110 - the API tells nobody of them
            await asyncio.sleep(0.01)
    await asyncio.wait([updating], timeout=0.1)
    assert not updating.done()
    updating.cancel()
    await asyncio.wait([updating])
    assert call.status == "in-progress"


@pytest.mark.asyncio
async def test_applied_request_may_time_out(
    server: Server, dial: Dial, client: Client, twilio: Twilio
) -> None:
    """The call changes although the client never learns of it."""
    server.twiml["/voice"] = WAIT
    call = await dial()
    twilio.faults.rest.append(RestFault.apply_then_hang(30))
    hi = document("<Say>Hi</Say>" + WAIT)
    updating = asyncio.create_task(client.calls(call.sid).update_async(twiml=hi))
    assert (await call.next_said(SOON)).text == "Hi"
    assert not updating.done()
    updating.cancel()
    await asyncio.wait([updating])


@pytest.mark.asyncio
async def test_streams_may_end_on_update(
    server: Server, dial: Dial, client: Client, twilio: Twilio
) -> None:
    """A fault lets an update take background streams with it."""
    server.twiml["/voice"] = START + WAIT
    call = await dial()
    stream = await call.stream_open(SOON)
    twilio.faults.streams_end_on_update = True
    await client.calls(call.sid).update_async(twiml=document(WAIT))
    assert (await asyncio.wait_for(stream.ended(), SOON)).how == "stopped"
    assert call.status == "in-progress"


@pytest.mark.asyncio
async def test_last_of_many_updates_holds(server: Server, dial: Dial) -> None:
    """Updates that come together leave one document running, and one stream torn down."""
    server.twiml["/voice"] = CONNECT
    call = await dial()
    stream = await call.stream_open(SOON)
    call.replace(FromRest(document("<Say>First</Say>" + WAIT)))
    call.replace(FromRest(document("<Say>Second</Say>" + WAIT)))
    call.replace(FromRest(document("<Say>Third</Say>" + WAIT)))
    assert (await call.next_said(SOON)).text == "Third"
    assert (await stream.ended()).how == "stopped"
    assert call.status == "in-progress"


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "change", [{"twiml": document(""), "url": "http://a.test"}, {"status": "busy"}]
)
async def test_contradictory_update_is_refused(
    server: Server, dial: Dial, client: Client, change: dict[str, str]
) -> None:
    """Two documents at once, or a status no client may set."""
    server.twiml["/voice"] = WAIT
    call = await dial()
    assert (await refused(client, call.sid, **change))[0] == 400
    assert call.status == "in-progress"
