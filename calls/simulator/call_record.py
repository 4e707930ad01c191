"""What is known of a call: as Twilio tells it in its requests, and shows it in its REST API."""

import time
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Final, Literal

CallStatus = Literal["ringing", "in-progress", "completed", "busy", "no-answer"]
_GEOGRAPHY: Final = tuple(
    party + part
    for party in ("From", "To", "Caller", "Called")
    for part in ("City", "State", "Zip", "Country")
)


@dataclass(frozen=True, slots=True)
class CallOrder:
    """What is known of a call before it is placed.

    `status_events` are the progress events its server subscribes to: initiated, ringing,
    answered, completed. Twilio reports only the last one unless told otherwise.
    """

    voice_url: str
    from_: str
    to: str
    fallback_url: str | None
    status_callback: str | None
    status_events: Collection[str]


@dataclass(slots=True)
class CallRecord:
    """A call and how far it has come. `answered_at` is monotonic, None until it is answered."""

    sid: str
    account_sid: str
    order: CallOrder
    status: CallStatus = "ringing"
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    answered_at: float | None = None
    seconds: int | None = None
    """How long the call lasted from its answer on; None until it is over."""

    def answer(self) -> None:
        """Note that the call is answered now."""
        self.status = "in-progress"
        self.answered_at = time.monotonic()

    def end(self, *, rejected: bool, given_up: bool) -> None:
        """Note that the call is over, whether answered or not."""
        self.seconds = 0
        if self.answered_at is not None:
            self.seconds = round(time.monotonic() - self.answered_at)
            self.status = "completed"
        elif rejected:
            self.status = "busy"
        else:
            self.status = "no-answer" if given_up else "completed"

    def request_params(self) -> dict[str, str]:
        """Give the parameters of each request about the call (twilio.com/docs/voice/twiml)."""
        return {
            "CallSid": self.sid,
            "AccountSid": self.account_sid,
            "From": self.order.from_,
            "To": self.order.to,
            "Caller": self.order.from_,
            "Called": self.order.to,
            "CallStatus": self.status,
            "ApiVersion": "2010-04-01",
            "Direction": "inbound",
        } | dict.fromkeys(_GEOGRAPHY, "")

    def as_json(self) -> dict[str, object]:
        """Give the call as the REST API shows it (twilio-oai, spec twilio_api_v2010)."""
        path = f"/2010-04-01/Accounts/{self.account_sid}/Calls/{self.sid}"
        created = format_datetime(self.created)
        return {
            "sid": self.sid,
            "account_sid": self.account_sid,
            "parent_call_sid": None,
            "from": self.order.from_,
            "from_formatted": self.order.from_,
            "to": self.order.to,
            "to_formatted": self.order.to,
            "phone_number_sid": None,
            "status": self.status,
            "direction": "inbound",
            "api_version": "2010-04-01",
            "date_created": created,
            "date_updated": format_datetime(datetime.now(UTC)),
            "start_time": created,
            "end_time": None if self.seconds is None else format_datetime(datetime.now(UTC)),
            "duration": None if self.seconds is None else str(self.seconds),
            "price": None,
            "price_unit": "USD",
            "answered_by": None,
            "annotation": None,
            "caller_name": None,
            "forwarded_from": None,
            "group_sid": None,
            "queue_time": "0",
            "trunk_sid": None,
            "uri": f"{path}.json",
            "subresource_uris": {"streams": f"{path}/Streams.json"},
        }
