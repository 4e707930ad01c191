"""The accounts that calls belong to: Twilio's own, and that of the phone in the browser."""

from dataclasses import dataclass, field

from django.conf import settings

from calls.twilio.rest import TwilioRest
from voiceproject.phone_account import phone_account


@dataclass(frozen=True, slots=True)
class TwilioAccount:
    """Whose token signs the requests about a call, and where its REST API is."""

    sid: str
    auth_token: str = field(repr=False)
    api_url: str

    def rest(self) -> TwilioRest:
        """Return a new REST client. Call it inside a running event loop, and close the client."""
        return TwilioRest(self.sid, self.auth_token, self.api_url)


def account_of(sid: str) -> TwilioAccount:
    """Return the account of that SID; for a SID of no account of ours it is Twilio's.

    Such a call cannot be signed for, nor changed: the token is that of another account.
    """
    phone = phone_account()
    if phone is not None and sid == phone.sid:
        return TwilioAccount(phone.sid, phone.auth_token, phone.api_url)
    return TwilioAccount(
        settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN, settings.TWILIO_API_URL
    )
