"""Status callbacks: what Twilio tells a server about a call or a stream, beside the call."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime

from calls.simulator.call_log import CallLog
from calls.simulator.faults import Faults
from calls.simulator.webhook import WebhookError, Webhooks


@dataclass(frozen=True, slots=True)
class _Callback:
    url: str
    method: str
    params: Mapping[str, str]


class StatusCallbacks:
    """Delivers the callbacks of one call, one after the other, unless a fault says otherwise."""

    def __init__(self, webhooks: Webhooks, faults: Faults, log: CallLog) -> None:
        self._webhooks = webhooks
        self._faults = faults
        self._log = log
        self._queue: asyncio.Queue[_Callback | None] = asyncio.Queue()
        self._worker = asyncio.create_task(self._deliver())

    def post(self, url: str, method: str, params: Mapping[str, str]) -> None:
        """Queue a callback; without a URL there is none to send."""
        if url:
            self._queue.put_nowait(_Callback(url, method, params))

    async def aclose(self) -> None:
        """Wait until all that is queued was delivered or has failed."""
        self._queue.put_nowait(None)
        await self._worker

    async def _deliver(self) -> None:
        held: list[_Callback] = []
        while (callback := await self._queue.get()) is not None:
            fault = (
                self._faults.status_callbacks.popleft() if self._faults.status_callbacks else None
            )
            if fault == "hold":
                held.append(callback)
                continue
            if fault == "drop":
                continue
            await self._send(callback)
            if fault == "double":
                await self._send(callback)
            while held:
                await self._send(held.pop(0))
        for callback in held:
            await self._send(callback)

    async def _send(self, callback: _Callback) -> None:
        try:
            await self._webhooks.fetch(callback.url, callback.method, callback.params)
        except WebhookError as error:
            self._log.report(error.code, f"status callback: {error}")


def call_event(number: int, seconds: int | None) -> dict[str, str]:
    """Give the parameters a call's status callback has beside those of every request.

    `number` counts the callbacks sent; `seconds` is how long the call lasted, None while it lasts.
    """
    params = {
        "Timestamp": format_datetime(datetime.now(UTC)),
        "CallbackSource": "call-progress-events",
        "SequenceNumber": str(number),
    }
    if seconds is not None:
        params["CallDuration"] = str(seconds)
        params["Duration"] = str(-(-seconds // 60))  # minutes, the last one counted whole
    return params


def stream_event(event: str, *, stream_sid: str, name: str, error: str = "") -> dict[str, str]:
    """Give the parameters of a stream's status callback; its time has nanoseconds and a Z."""
    moment = datetime.fromtimestamp(time.time_ns() // 10**9, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    params = {
        "StreamSid": stream_sid,
        "StreamName": name or stream_sid,
        "StreamEvent": event,
        "Timestamp": f"{moment}.{time.time_ns() % 10**9:09d}Z",
    }
    if error:
        params["StreamError"] = error
    return params
