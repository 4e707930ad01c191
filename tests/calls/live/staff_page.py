"""The page of a call as a member of the staff uses it, without a script."""

import re
from typing import Any, Self

import aiohttp
from django.contrib.auth.models import User
from django.urls import reverse

from tests.calls.live.browser_socket import signed_in

JSON = {"Accept": "application/json"}


class StaffPage:
    """One user, signed in at one server, at the page of one call."""

    def __init__(self, url: str, call_id: int, session: str) -> None:
        self._url = url
        self._page = f"{url}{reverse('admin:calls_call_change', args=[call_id])}"
        self._address = f"{url}{reverse('admin:calls_call_control', args=[call_id])}"
        jar = aiohttp.CookieJar(unsafe=True)  # of an address without a name
        self._http = aiohttp.ClientSession(cookies={"sessionid": session}, cookie_jar=jar)
        self._csrf = ""
        self.token = ""

    @classmethod
    async def of(cls, url: str, call_id: int, user: User) -> Self:
        """Sign a user in at a server."""
        return cls(url, call_id, await signed_in(user))

    async def __aenter__(self) -> Self:
        await self.load()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._http.close()

    async def load(self) -> str:
        """Load the page; return its HTML."""
        async with self._http.get(self._page) as answer:
            html = await answer.text()
        csrf = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', html)
        token = re.search(r'name="token" value="([\w-]+)-say"', html)
        self._csrf = csrf[1] if csrf else ""
        self.token = token[1] if token else ""
        return html

    async def act(self, act: str, *, token: str = "", **fields: str) -> tuple[int, Any]:
        """Send a form as the page's script does; return the status and what came back."""
        form = {
            "act": act,
            "token": token or f"{self.token}-{act}",
            "csrfmiddlewaretoken": self._csrf,
            **fields,
        }
        headers = {**JSON, "Referer": self._page}
        async with self._http.post(self._address, data=form, headers=headers) as answer:
            is_json = answer.content_type == "application/json"
            content = await answer.json() if is_json else await answer.text()
            if is_json:
                self.token = content["token"]
            return answer.status, content
