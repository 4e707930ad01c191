"""The HTTP requests Twilio makes to a server about one call."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urldefrag, urlencode, urljoin

import aiohttp
from yarl import URL

from calls.simulator.account import Account, new_sid, signed_form
from calls.simulator.call_log import CallLog

CONNECT_SECONDS: Final = 5.0
ANSWER_SECONDS: Final = 15.0
MAX_HTTP_REDIRECTS: Final = 10
HTTP_FAILURE: Final = 11200
CONNECTION_FAILURE: Final = 11205
TOO_MANY_REDIRECTS: Final = 11215


class WebhookError(Exception):
    """A request failed; `code` is the number of Twilio's error, `status` the HTTP status if any."""

    def __init__(self, code: int, url: str, message: str, status: int | None = None) -> None:
        super().__init__(f"{url}: {message}")
        self.code = code
        self.url = url
        self.status = status


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered; `url` is where the redirects ended."""

    url: str
    status: int
    content_type: str
    body: bytes


class Webhooks:
    """Signed requests of one call, which share its cookies.

    Limits are Twilio's defaults: 5 s to connect, tried twice; 15 s in all
    (twilio.com/docs/usage/webhooks/webhooks-connection-overrides).
    """

    def __init__(self, account: Account, connector: aiohttp.BaseConnector, log: CallLog) -> None:
        self._account = account
        self._log = log
        self.session = aiohttp.ClientSession(
            connector=connector,
            connector_owner=False,
            cookie_jar=aiohttp.CookieJar(unsafe=True),  # also from hosts that are IP addresses
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS),
            headers={"User-Agent": "TwilioProxy/1.1"},
        )

    async def aclose(self) -> None:
        """Release the session; the connector is shared and stays."""
        await self.session.close()

    async def fetch(self, url: str, method: str, params: Mapping[str, str]) -> Answer:
        """Request a URL. Raises WebhookError for an HTTP status of 400 and above, too."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await self._follow(url, method, params)
        except TimeoutError as error:
            raise WebhookError(
                CONNECTION_FAILURE, url, f"no answer within {ANSWER_SECONDS:.0f} s"
            ) from error

    async def _follow(self, url: str, method: str, params: Mapping[str, str]) -> Answer:
        for _ in range(MAX_HTTP_REDIRECTS + 1):
            answer, location = await self._request_twice(url, method, params)
            if location is None:
                if answer.status >= 400:
                    raise WebhookError(
                        HTTP_FAILURE, url, f"answered HTTP {answer.status}", answer.status
                    )
                return answer
            url = urljoin(url, location)
            if answer.status not in {307, 308}:
                # Only these two let a client repeat a body.
                method, params = "GET", {}
        raise WebhookError(TOO_MANY_REDIRECTS, url, "more than 10 HTTP redirects")

    async def _request_twice(
        self, url: str, method: str, params: Mapping[str, str]
    ) -> tuple[Answer, str | None]:
        token = new_sid("")
        try:
            return await self._request(url, method, params, token)
        except aiohttp.ClientConnectorError:
            self._log.report(CONNECTION_FAILURE, f"{url}: cannot connect; tried again")
        try:
            return await self._request(url, method, params, token)
        except aiohttp.ClientConnectorError as error:
            raise WebhookError(CONNECTION_FAILURE, url, f"cannot connect ({error})") from error

    async def _request(
        self, url: str, method: str, params: Mapping[str, str], token: str
    ) -> tuple[Answer, str | None]:
        url = urldefrag(url).url
        if method == "GET" and params:
            url = f"{url}{'&' if '?' in url else '?'}{urlencode(params)}"
        form = dict(params) if method == "POST" else None
        headers = {
            "X-Twilio-Signature": self._account.sign(signed_form(url), form),
            "I-Twilio-Idempotency-Token": token,
        }
        self._log.add("request", url=url, method=method, params=dict(params))
        try:
            async with self.session.request(
                method, URL(url, encoded=True), data=form, headers=headers, allow_redirects=False
            ) as response:
                answer = Answer(url, response.status, response.content_type, await response.read())
        except aiohttp.ClientConnectorError:
            raise
        except aiohttp.ClientError as error:
            raise WebhookError(
                CONNECTION_FAILURE, url, f"the connection failed ({error!r})"
            ) from error
        self._log.add("answer", url=url, status=answer.status)
        location = response.headers.get("Location") if 300 <= answer.status < 400 else None
        return answer, location
