"""The REST API of the phone's account, asked by the client that the server itself uses."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio
from django.test import AsyncClient, override_settings

from calls.twilio import rest as twilio_rest
from calls.twilio.rest import MessageNotSent, TwilioRest, UpdateFailed
from chatbot.models import Bot
from tests.calls.phone.page import NUMBER, phone_page
from tests.server import Server
from tests.waiting import SOON
from voiceproject.phone_account import phone_account

pytestmark = [pytest.mark.asyncio, pytest.mark.django_db(transaction=True)]

SAY = "<Response><Say>Something else.</Say><Pause length='60'/></Response>"
NOBODY = "CA" + "0" * 32


@pytest_asyncio.fixture
async def rest(shared_server: Server) -> AsyncIterator[TwilioRest]:
    """A client of the account, as the switchboard has one."""
    with override_settings(PHONE=True, PUBLIC_URL=shared_server.url):
        account = phone_account()
    assert account is not None
    client = TwilioRest(account.sid, account.auth_token, account.api_url)
    yield client
    await client.aclose()


def address(server: Server, call_sid: str) -> str:
    with override_settings(PHONE=True):
        account = phone_account()
    assert account is not None
    return f"{server.url}/phone/api/2010-04-01/Accounts/{account.sid}/Calls/{call_sid}.json"


async def test_call_follows_what_it_is_given(
    bot: Bot, cookie: str, shared_server: Server, rest: TwilioRest
) -> None:
    """Whatever it did before."""
    async with phone_page(shared_server, cookie) as page:
        await page.dial()
        await page.next("say")
        await rest.replace(page.sid, SAY)
        assert (await page.next("say"))["text"] == "Something else."
        await page.send(type="hang-up")
        await page.closed()


async def test_call_is_ended(
    bot: Bot, cookie: str, shared_server: Server, rest: TwilioRest
) -> None:
    """The page is told how."""
    async with phone_page(shared_server, cookie) as page:
        await page.dial()
        await rest.end(page.sid)
        assert (await page.next("ended"))["reason"] == "the server ended it"


async def test_document_that_is_too_long_is_refused(
    bot: Bot, cookie: str, shared_server: Server, rest: TwilioRest
) -> None:
    """As Twilio refuses it."""
    async with phone_page(shared_server, cookie) as page:
        await page.dial()
        with pytest.raises(UpdateFailed, match="32018"):
            await rest.replace(page.sid, SAY.ljust(4001))
        await page.send(type="hang-up")
        await page.closed()


async def test_call_that_nobody_holds_is_asked_for_again(
    bot: Bot, shared_server: Server, rest: TwilioRest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its process may only be busy; in the end the update has failed."""
    # The server answers only when it has waited for a phone itself.
    monkeypatch.setattr(twilio_rest, "ATTEMPT_SECONDS", SOON)
    monkeypatch.setattr(twilio_rest, "DEADLINE_SECONDS", 2 * SOON)
    monkeypatch.setattr(twilio_rest, "_PAUSES", (0.1,))
    with pytest.raises(UpdateFailed, match="HTTP 500, error 20500"):
        await rest.replace(NOBODY, SAY)


async def test_text_is_sent_by_numbers_of_the_account_only(
    bot: Bot, shared_server: Server, rest: TwilioRest
) -> None:
    """As Twilio has it."""
    with pytest.raises(MessageNotSent, match="21606"):
        await rest.send_message("+31200000000", NUMBER, "Hi")


async def test_text_to_a_number_that_is_not_calling_is_taken(
    bot: Bot, shared_server: Server, rest: TwilioRest
) -> None:
    """Whether it arrives is another matter, there as here."""
    await rest.send_message("+15005550006", "+31209999999", "Hi")


@pytest.mark.parametrize(
    "authorization", ["", "Basic", "Basic Og==", "Basic QUMwOng=", "Bearer x", "ü"]
)
async def test_strangers_are_refused(bot: Bot, shared_server: Server, authorization: str) -> None:
    """Without the account's token nothing is shown or changed."""
    headers = {"Authorization": authorization}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.post(address(shared_server, NOBODY), data={"Twiml": SAY}) as answer,
    ):
        assert answer.status == 401
        assert (await answer.json())["code"] == 20003


async def test_phone_that_is_switched_off_has_no_api(async_client: AsyncClient) -> None:
    """Its address is unknown."""
    path = f"/phone/api/2010-04-01/Accounts/AC{'0' * 32}/Calls/{NOBODY}.json"
    assert (await async_client.post(path)).status_code == 404
