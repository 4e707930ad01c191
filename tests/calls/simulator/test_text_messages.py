"""Text messages, sent as a product sends them: with the twilio package."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio
from twilio.base.exceptions import TwilioRestException
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.rest import Client

from calls.simulator import RestFault, Twilio
from tests.calls.simulator.conftest import ACCOUNT, Dial
from tests.waiting import SOON

# The twilio package still uses what aiohttp is going to drop.
pytestmark = pytest.mark.filterwarnings(
    "ignore:BasicAuth is deprecated:DeprecationWarning",
    "ignore:The 'auth' parameter is deprecated:DeprecationWarning",
)

BOT = "+31600000002"
CALLER = "+31600000001"


@pytest_asyncio.fixture
async def client(twilio: Twilio, dial: Dial) -> AsyncIterator[Client]:
    """A client of the account whose number was called."""
    await dial()
    http = AsyncTwilioHttpClient()
    client = Client(ACCOUNT.sid, ACCOUNT.auth_token, http_client=http)
    client.api.base_url = twilio.api_url
    yield client
    await http.close()


@pytest.mark.asyncio
async def test_message_is_taken(client: Client, twilio: Twilio) -> None:
    """It is queued under a SID of its own, and kept."""
    sent = await client.messages.create_async(to=CALLER, from_=BOT, body="Order 42 is on its way.")
    assert (sent.status, sent.direction, sent.account_sid) == (
        "queued",
        "outbound-api",
        ACCOUNT.sid,
    )
    (message,) = twilio.messages
    assert (message.sid, message.from_, message.to) == (sent.sid, BOT, CALLER)
    assert message.body == sent.body == "Order 42 is on its way."
    assert message.sid is not None
    assert message.sid.startswith("SM")
    assert twilio.rest_requests[-1].answered_status == 201


@pytest.mark.asyncio
async def test_message_can_be_waited_for(client: Client, twilio: Twilio) -> None:
    """Each by its place in their order."""
    waiting = asyncio.create_task(twilio.messages.message(1, within=SOON))
    for body in ("one", "two"):
        await client.messages.create_async(to=CALLER, from_=BOT, body=body)
    assert (await waiting).body == "two"
    assert (await twilio.messages.message(0, within=SOON)).body == "one"


@pytest.mark.asyncio
async def test_waiting_for_a_message_in_vain_times_out(twilio: Twilio) -> None:
    """Nothing was sent."""
    with pytest.raises(TimeoutError):
        await twilio.messages.message(0, within=0.01)


@pytest.mark.asyncio
async def test_longest_message_is_taken(client: Client, twilio: Twilio) -> None:
    """1600 characters of any alphabet are allowed."""
    await client.messages.create_async(to=CALLER, from_=BOT, body="ü" * 1600)
    assert len(twilio.messages[0].body) == 1600


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("to", "from_", "body", "code"),
    [
        ("", BOT, "Hi", 21604),
        ("0612345678", BOT, "Hi", 21211),
        ("anonymous", BOT, "Hi", 21211),
        (CALLER, "", "Hi", 21603),
        (CALLER, "+15005550006", "Hi", 21606),
        (CALLER, BOT, "", 21602),
        (CALLER, BOT, "x" * 1601, 21617),
    ],
)
async def test_message_is_refused_as_twilio_refuses_it(
    client: Client, twilio: Twilio, to: str, from_: str, body: str, code: int
) -> None:
    """Each fault has the number of Twilio's error, and nothing is sent."""
    with pytest.raises(TwilioRestException) as refusal:
        await client.messages.create_async(to=to, from_=from_, body=body)
    assert (refusal.value.status, refusal.value.code) == (400, code)
    assert twilio.messages == []


@pytest.mark.asyncio
async def test_wrong_token_is_refused(twilio: Twilio) -> None:
    """Nobody else sends messages for the account."""
    url = f"{twilio.api_url}/2010-04-01/Accounts/{ACCOUNT.sid}/Messages.json"
    headers = {"Authorization": aiohttp.encode_basic_auth(ACCOUNT.sid, "wrong")}
    form = {"To": CALLER, "From": BOT, "Body": "Hi"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.post(url, data=form) as response,
    ):
        assert response.status == 401
        assert (await response.json())["code"] == 20003
    assert twilio.messages == []


@pytest.mark.asyncio
@pytest.mark.parametrize(("status", "code"), [(429, 20429), (500, 20500)])
async def test_refusal_on_demand_sends_nothing(
    client: Client, twilio: Twilio, status: int, code: int
) -> None:
    """The next message fails, the one after it does not."""
    twilio.faults.messages.append(RestFault.refuse(status))
    with pytest.raises(TwilioRestException) as refusal:
        await client.messages.create_async(to=CALLER, from_=BOT, body="lost")
    assert refusal.value.code == code
    await client.messages.create_async(to=CALLER, from_=BOT, body="sent")
    assert [message.body for message in twilio.messages] == ["sent"]


@pytest.mark.asyncio
async def test_message_may_be_sent_although_its_answer_never_comes(
    client: Client, twilio: Twilio
) -> None:
    """To try again would send it twice."""
    twilio.faults.messages.append(RestFault.apply_then_hang(30))
    sending = asyncio.create_task(client.messages.create_async(to=CALLER, from_=BOT, body="sent"))
    assert (await twilio.messages.message(0, within=SOON)).body == "sent"
    await asyncio.wait([sending], timeout=0.1)
    assert not sending.done()
    sending.cancel()
    await asyncio.wait([sending])
    assert len(twilio.messages) == 1
