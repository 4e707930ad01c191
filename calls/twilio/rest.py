"""Twilio's REST API: replaces what a live call does next.

Source: twilio.com/docs/voice/api/call-resource#update-a-call-resource.
"""

import asyncio
import logging
import time
from collections.abc import Mapping
from http import HTTPStatus

import aiohttp
from twilio.base.exceptions import TwilioRestException, TwilioServiceException
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.rest import Client

logger = logging.getLogger(__name__)

DEADLINE_SECONDS = 6.0
"""How long an update may take with all its attempts: a caller waits for it in silence."""

ATTEMPT_SECONDS = 2.0
"""How long one attempt may take; the package's own client would wait for five minutes."""

MESSAGE_SECONDS = 5.0
"""How long Twilio may take to accept a text message."""

_PAUSES = (0.1, 0.3, 0.6, 1.2)
"""Seconds before the second, third, … attempt."""

_CALL_IS_OVER = frozenset({21220, 20404})
"""twilio.com errors 21220 (not in progress) and 20404 (no longer found)."""

_WORTH_A_RETRY = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.REQUEST_TIMEOUT})


class CallIsOver(Exception):
    """The call has ended, so there is nothing left to update.

    `is_unclear` tells that an attempt before went unanswered, and may have been what ended it.
    """

    is_unclear = False


class UpdateFailed(Exception):
    """The call may go on, but Twilio did not take the update."""


class MessageNotSent(Exception):
    """Twilio did not take a text message; the text ends the sentence that says so."""


class TwilioRest:
    """The REST client of one process. Make it inside a running event loop, and close it."""

    def __init__(self, account_sid: str, auth_token: str, api_url: str) -> None:
        self._http = AsyncTwilioHttpClient()
        # An environment of its own: TWILIO_EDGE and TWILIO_REGION would rewrite `api_url`.
        self._client = Client(account_sid, auth_token, http_client=self._http, environment={"": ""})
        self._client.api.base_url = api_url

    async def replace(self, call_sid: str, twiml: str) -> float:
        """Make the call follow `twiml`, at most 4,000 characters, from now on.

        Return when the request that was taken was sent, by `time.monotonic()`. Raises
        CallIsOver or UpdateFailed.
        """
        return await self._update(call_sid, {"twiml": twiml})

    async def redirect(self, call_sid: str, url: str) -> float:
        """Make the call ask `url` what to do now; return and raise as `replace` does.

        The redirect may be posted twice, and the call then asks twice.
        """
        return await self._update(call_sid, {"url": url, "method": "POST"})

    async def end(self, call_sid: str) -> bool:
        """End the call; return whether this ended it. Raises UpdateFailed.

        One that is over already is no error.
        """
        try:
            await self._update(call_sid, {"status": "completed"})
        except CallIsOver as over:
            logger.debug("%s: was over already", call_sid)
            return over.is_unclear
        return True

    async def send_message(self, sender: str, recipient: str, text: str) -> None:
        """Send a text message, at most once. Raises MessageNotSent.

        Source: twilio.com/docs/messaging/api/message-resource.
        """
        try:
            async with asyncio.timeout(MESSAGE_SECONDS):
                await self._client.messages.create_async(to=recipient, from_=sender, body=text)
        except TimeoutError:
            raise MessageNotSent(f"Twilio did not answer in {MESSAGE_SECONDS:g} s") from None
        except aiohttp.ClientError as error:
            raise MessageNotSent(f"the connection failed ({type(error).__name__})") from error
        except (TwilioRestException, TwilioServiceException) as error:
            what = f"Twilio answered HTTP {error.status}, error {error.code}"
            raise MessageNotSent(what) from error
        except ValueError as error:
            raise MessageNotSent("Twilio's answer is not JSON") from error

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.close()

    async def _update(self, call_sid: str, fields: Mapping[str, str]) -> float:
        """Post an update until it is taken, refused for good, or the deadline is over.

        Every attempt posts the same document, so one that was taken although its answer
        never came is replaced by its equal.
        """
        reason = "no attempt was made"
        is_unclear = False
        try:
            async with asyncio.timeout(DEADLINE_SECONDS):
                for pause in (0.0, *_PAUSES):
                    await asyncio.sleep(pause)
                    sent_at = time.monotonic()
                    try:
                        async with asyncio.timeout(ATTEMPT_SECONDS):
                            await self._client.calls(call_sid).update_async(**fields)
                    except TimeoutError:
                        reason = f"no answer in {ATTEMPT_SECONDS:g} s"
                        is_unclear = True
                    except aiohttp.ClientError as error:
                        reason = f"the connection failed ({type(error).__name__})"
                        is_unclear = True
                    except (TwilioRestException, TwilioServiceException) as error:
                        reason = _read_refusal(error)
                    except ValueError as error:
                        # Taken, perhaps: a second attempt could say the same thing twice.
                        raise UpdateFailed("Twilio's answer is not JSON") from error
                    else:
                        return sent_at
                    logger.warning("%s: update not taken: %s", call_sid, reason)
        except CallIsOver as over:
            over.is_unclear = is_unclear
            raise
        except TimeoutError:
            reason = f"{reason}; gave up after {DEADLINE_SECONDS:g} s"
        raise UpdateFailed(reason)


def _read_refusal(error: TwilioRestException | TwilioServiceException) -> str:
    """Return why an attempt failed where another may succeed; else raise what it means."""
    if error.code in _CALL_IS_OVER:
        raise CallIsOver from error
    answer = f"Twilio answered HTTP {error.status}, error {error.code}"
    if error.status in _WORTH_A_RETRY or error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return answer
    if error.status == HTTPStatus.UNAUTHORIZED:
        answer += "; are TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN those of the account?"
    if error.status == HTTPStatus.NOT_FOUND:
        answer += "; is TWILIO_API_URL the origin of Twilio's API?"
    raise UpdateFailed(answer) from error
