"""Twilio as a whole: it places calls towards a server and serves the REST API."""

import asyncio
import os
from collections.abc import Collection
from types import TracebackType
from typing import Final, Self

import aiohttp

from calls.simulator.account import Account
from calls.simulator.call import SimulatedCall, Tempo
from calls.simulator.call_record import CallOrder
from calls.simulator.faults import Faults
from calls.simulator.handset import Handset
from calls.simulator.rest import RestApi, RestRequest
from calls.simulator.text_messages import TextMessages

HOST: Final = "127.0.0.1"


class PortTakenError(Exception):
    """The REST API's port is not free."""


class Twilio:
    """Simulates Twilio for one account, inside `async with`.

    `say_speed` is in characters per second. `pause_scale` is what the seconds of Pause, Gather
    and Dial are multiplied with. With `api_port` 0 the REST API takes a free port; with None
    there is none, and whoever places the calls changes them by `update_call`.
    """

    def __init__(
        self,
        account: Account,
        *,
        api_port: int | None = 0,
        say_speed: float = 15.0,
        pause_scale: float = 1.0,
    ) -> None:
        self.account = account
        self.faults = Faults()
        self.calls: dict[str, SimulatedCall] = {}
        self.api_url = ""
        self._tempo = Tempo(say_speed, pause_scale)
        self._api_port = api_port
        self.numbers: set[str] = set()
        """The numbers of the account, from which messages can be sent: those that were called."""
        self._rest = RestApi(account, self.calls, self.numbers, self.faults)
        self._connector: aiohttp.TCPConnector | None = None

    async def __aenter__(self) -> Self:
        self._connector = aiohttp.TCPConnector(limit=0, force_close=True)
        if self._api_port is None:
            return self
        try:
            port = await self._rest.start(HOST, self._api_port)
        except OSError as error:
            await self._connector.close()
            await self._rest.stop()
            reason = os.strerror(error.errno or 0)
            raise PortTakenError(
                f"The REST API cannot listen on {HOST}:{self._api_port} ({reason}). "
                "Does another simulator run there?"
            ) from error
        self.api_url = f"http://{HOST}:{port}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        hang_ups = (call.hang_up() for call in self.calls.values())
        failures = await asyncio.gather(*hang_ups, return_exceptions=True)
        await self._rest.stop()
        if self._connector is not None:
            await self._connector.close()
        for failure in failures:
            if failure is not None:
                raise failure

    @property
    def rest_requests(self) -> list[RestRequest]:
        """The requests the REST API was sent, in their order."""
        return self._rest.requests

    @property
    def messages(self) -> TextMessages:
        """The text messages that were sent, in their order."""
        return self._rest.messages

    async def dial(
        self,
        voice_url: str,
        *,
        from_: str,
        to: str,
        status_callback: str | None = None,
        fallback_url: str | None = None,
        status_events: Collection[str] = ("completed",),
        sid: str = "",
        handset: Handset | None = None,
    ) -> SimulatedCall:
        """Call a number whose webhook is `voice_url`; the SID is drawn where none is given.

        With a `handset` somebody hears the call, and decides what a test would decide otherwise.

        Returns when the first document is there, or cannot be had; the call goes on by itself.
        """
        if self._connector is None:
            raise RuntimeError("Twilio dials inside `async with` only.")
        self.numbers.add(to)
        order = CallOrder(voice_url, from_, to, fallback_url, status_callback, status_events)
        call = SimulatedCall(
            order,
            account=self.account,
            connector=self._connector,
            faults=self.faults,
            tempo=self._tempo,
            sid=sid,
            handset=handset,
        )
        self.calls[call.sid] = call
        await call.fetched()
        return call
