"""Text messages that a server sends through the REST API.

Source: twilio.com/docs/messaging/api/message-resource and the errors it names.
"""

import asyncio
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Final

from calls.simulator.account import new_sid
from calls.simulator.refusal import RefusedError

MAX_CHARACTERS: Final = 1600
INVALID_TO: Final = 21211
NO_BODY: Final = 21602
NO_FROM: Final = 21603
NO_TO: Final = 21604
FROM_NOT_OWNED: Final = 21606
BODY_TOO_LONG: Final = 21617
_E164: Final = re.compile(r"\+[1-9][0-9]{6,14}")


@dataclass(frozen=True, slots=True)
class TextMessage:
    """A message that Twilio took. Whether it arrives is another matter."""

    from_: str
    to: str
    body: str
    sid: str = field(default_factory=lambda: new_sid("SM"))
    created: datetime = field(default_factory=lambda: datetime.now(UTC))

    @classmethod
    def ordered(cls, form: Mapping[str, str], numbers: Collection[str]) -> "TextMessage":
        """Read the form of a request, from an account that owns these numbers.

        Raises RefusedError where Twilio would refuse.
        """
        from_, to, body = (form.get(name, "") for name in ("From", "To", "Body"))
        if not to:
            raise _refused(NO_TO, "A 'To' phone number is required.")
        if not _E164.fullmatch(to):
            raise _refused(INVALID_TO, f"Invalid 'To' Phone Number: {to}")
        if not from_:
            raise _refused(NO_FROM, "A 'From' phone number is required.")
        if from_ not in numbers:
            raise _refused(
                FROM_NOT_OWNED,
                f"The 'From' phone number {from_} is not a valid, SMS-capable number of the "
                "account.",
            )
        if not body:
            raise _refused(NO_BODY, "Message body is required.")
        if len(body) > MAX_CHARACTERS:
            raise _refused(
                BODY_TOO_LONG,
                f"The message body has {len(body)} characters; {MAX_CHARACTERS} are allowed.",
            )
        return cls(from_, to, body)

    def as_json(self, account_sid: str) -> dict[str, object]:
        """Give the message as the REST API shows it (twilio-oai, spec twilio_api_v2010)."""
        path = f"/2010-04-01/Accounts/{account_sid}/Messages/{self.sid}"
        created = format_datetime(self.created)
        return {
            "sid": self.sid,
            "account_sid": account_sid,
            "messaging_service_sid": None,
            "from": self.from_,
            "to": self.to,
            "body": self.body,
            "status": "queued",
            "direction": "outbound-api",
            "num_media": "0",
            "num_segments": "1",
            "error_code": None,
            "error_message": None,
            "price": None,
            "price_unit": "USD",
            "api_version": "2010-04-01",
            "date_created": created,
            "date_updated": created,
            "date_sent": None,
            "uri": f"{path}.json",
            "subresource_uris": {"media": f"{path}/Media.json"},
        }


def _refused(code: int, message: str) -> RefusedError:
    return RefusedError(400, code, message)


class TextMessages(list[TextMessage]):
    """The messages that were taken, in their order."""

    def __init__(self) -> None:
        super().__init__()
        self._arrival = asyncio.Event()

    def take(self, message: TextMessage) -> None:
        """Keep a message, and tell whoever waits for it."""
        self.append(message)
        self._arrival.set()
        self._arrival = asyncio.Event()

    async def message(self, position: int, within: float) -> TextMessage:
        """Give the message number `position`, from 0, waiting for it.

        Raises TimeoutError when the seconds have passed.
        """
        async with asyncio.timeout(within):
            while len(self) <= position:
                await self._arrival.wait()
        return self[position]
