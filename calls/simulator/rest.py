"""The part of Twilio's REST API that changes calls and sends text messages, on a local port."""

import asyncio
import base64
import time
from collections import deque
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from calls.simulator.account import Account
from calls.simulator.call import SimulatedCall
from calls.simulator.call_update import update_call
from calls.simulator.faults import Faults, RestFault
from calls.simulator.refusal import (
    INTERNAL,
    NOT_FOUND,
    TOO_MANY_REQUESTS,
    UNAUTHORIZED,
    RefusedError,
)
from calls.simulator.text_messages import TextMessage, TextMessages

_ACCOUNT_PATH: Final = "/2010-04-01/Accounts/{account}"
_CALL_PATH: Final = f"{_ACCOUNT_PATH}/Calls/{{call}}.json"
_MESSAGES_PATH: Final = f"{_ACCOUNT_PATH}/Messages.json"
_Json = dict[str, object]


@dataclass(slots=True)
class RestRequest:
    """A request that arrived; `answered_status` is None while it waits for its answer."""

    at_monotonic: float
    method: str
    path: str
    form: Mapping[str, str]
    answered_status: int | None = None


class RestApi:
    """Serves the calls it is given, by their SID, and sends messages from the account's numbers."""

    def __init__(
        self,
        account: Account,
        calls: Mapping[str, SimulatedCall],
        numbers: Collection[str],
        faults: Faults,
    ) -> None:
        self.requests: list[RestRequest] = []
        self.messages = TextMessages()
        self._account = account
        self._calls = calls
        self._numbers = numbers
        self._faults = faults
        self._authorization = (
            "Basic " + base64.b64encode(f"{account.sid}:{account.auth_token}".encode()).decode()
        )
        app = web.Application()
        app.router.add_get(_CALL_PATH, self._handle)
        app.router.add_post(_CALL_PATH, self._handle)
        app.router.add_post(_MESSAGES_PATH, self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)

    async def start(self, host: str, port: int) -> int:
        """Listen; returns the port, which is drawn where `port` is 0."""
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        return int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        """Stop listening."""
        await self._runner.cleanup()

    async def _handle(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        record = RestRequest(time.monotonic(), request.method, request.path, form)
        self.requests.append(record)
        try:
            self._authenticate(request)
            if "call" in request.match_info:
                response = web.json_response(await self._call(request, form))
            else:
                response = web.json_response(await self._message(form), status=201)
        except RefusedError as refusal:
            response = web.json_response(refusal.as_json(), status=refusal.status)
        record.answered_status = response.status
        return response

    def _authenticate(self, request: web.Request) -> None:
        right_account = request.match_info["account"] == self._account.sid
        if not right_account or request.headers.get("Authorization") != self._authorization:
            raise RefusedError(401, UNAUTHORIZED, "Authenticate")

    async def _call(self, request: web.Request, form: Mapping[str, str]) -> _Json:
        call = self._calls.get(request.match_info["call"])
        if call is None:
            raise RefusedError(
                404, NOT_FOUND, f"The requested resource {request.path} was not found"
            )
        if request.method == "POST":
            await _with_fault(self._faults.rest, lambda: update_call(call, form))
        return call.record.as_json()

    async def _message(self, form: Mapping[str, str]) -> _Json:
        message = TextMessage.ordered(form, self._numbers)
        await _with_fault(self._faults.messages, lambda: self.messages.take(message))
        return message.as_json(self._account.sid)


async def _with_fault(faults: deque[RestFault], change: Callable[[], None]) -> None:
    """Carry out a request as the next fault has it; without one, at once."""
    fault = faults.popleft() if faults else RestFault()
    if fault.status is None or fault.applied:
        change()
    await asyncio.sleep(fault.delay)
    if fault.status is not None:
        code = {429: TOO_MANY_REQUESTS}.get(fault.status, INTERNAL)
        raise RefusedError(fault.status, code, "A fault on demand.")
