"""The part of Twilio's REST API that changes calls, on a port of this machine."""

import asyncio
import base64
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from calls.simulator.account import Account
from calls.simulator.call import SimulatedCall
from calls.simulator.faults import Faults, RestFault
from calls.simulator.interpreter import FromRest, FromUrl

MAX_TWIML_CHARACTERS: Final = 4000
BAD_REQUEST: Final = 20001
UNAUTHORIZED: Final = 20003
NOT_FOUND: Final = 20404
TOO_MANY_REQUESTS: Final = 20429
INTERNAL: Final = 20500
NOT_IN_PROGRESS: Final = 21220
TWIML_TOO_LONG: Final = 32018
_PATH: Final = "/2010-04-01/Accounts/{account}/Calls/{call}.json"


@dataclass(slots=True)
class RestRequest:
    """A request that arrived; `answered_status` is None while it waits for its answer."""

    at_monotonic: float
    method: str
    path: str
    form: Mapping[str, str]
    answered_status: int | None = None


class _RefusedError(Exception):
    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


class RestApi:
    """Serves the calls it is given, by their SID."""

    def __init__(
        self, account: Account, calls: Mapping[str, SimulatedCall], faults: Faults
    ) -> None:
        self.requests: list[RestRequest] = []
        self._account = account
        self._calls = calls
        self._faults = faults
        self._authorization = (
            "Basic " + base64.b64encode(f"{account.sid}:{account.auth_token}".encode()).decode()
        )
        app = web.Application()
        app.router.add_get(_PATH, self._handle)
        app.router.add_post(_PATH, self._handle)
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
            response = web.json_response(await self._answer(request, form))
        except _RefusedError as refusal:
            response = web.json_response(
                {
                    "code": refusal.code,
                    "message": str(refusal),
                    "more_info": f"https://www.twilio.com/docs/errors/{refusal.code}",
                    "status": refusal.status,
                },
                status=refusal.status,
            )
        record.answered_status = response.status
        return response

    async def _answer(self, request: web.Request, form: Mapping[str, str]) -> dict[str, object]:
        call = self._find(request)
        if request.method == "GET":
            return call.record.as_json()
        fault = self._faults.rest.popleft() if self._faults.rest else RestFault()
        if fault.status is None or fault.applied:
            _update(call, form)
        await asyncio.sleep(fault.delay)
        if fault.status is not None:
            codes = {429: TOO_MANY_REQUESTS}
            raise _RefusedError(
                fault.status, codes.get(fault.status, INTERNAL), "A fault on demand."
            )
        return call.record.as_json()

    def _find(self, request: web.Request) -> SimulatedCall:
        right_account = request.match_info["account"] == self._account.sid
        if not right_account or request.headers.get("Authorization") != self._authorization:
            raise _RefusedError(401, UNAUTHORIZED, "Authenticate")
        call = self._calls.get(request.match_info["call"])
        if call is None:
            raise _RefusedError(
                404, NOT_FOUND, f"The requested resource {request.path} was not found"
            )
        return call


def _update(call: SimulatedCall, form: Mapping[str, str]) -> None:
    """Change a call as a POST asks for; raises _RefusedError where Twilio would refuse."""
    twiml, url, status = form.get("Twiml"), form.get("Url"), form.get("Status")
    if twiml and url:
        raise _RefusedError(400, BAD_REQUEST, "Twiml and Url exclude each other.")
    if status not in {None, "completed", "canceled"}:
        raise _RefusedError(400, BAD_REQUEST, "Status must be completed or canceled.")
    if twiml and len(twiml) > MAX_TWIML_CHARACTERS:
        raise _RefusedError(400, TWIML_TOO_LONG, "Twiml must not exceed 4000 characters.")
    # Only a call that is not yet answered can be canceled, and it cannot be changed otherwise.
    if not call.in_progress or status == "canceled":
        raise _RefusedError(400, NOT_IN_PROGRESS, "Call is not in-progress. Cannot redirect.")
    if status == "completed":
        call.complete()
    elif twiml:
        call.replace(FromRest(twiml))
    elif url:
        call.replace(FromUrl(url, form.get("Method", "POST")))
