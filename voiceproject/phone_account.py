"""The telephone account of the phone in the browser, beside the real one.

It exists while the setting PHONE is on. Nobody is given its token: both sides of its signatures,
the phone and the webhooks, derive it from SECRET_KEY, so all processes know the same one.
"""

import hashlib
import hmac
from dataclasses import dataclass, field

from django.conf import settings

API_PATH = "/phone/api"
"""Where the phone answers the part of Twilio's REST API that its calls need."""


@dataclass(frozen=True, slots=True)
class PhoneAccount:
    """An account SID, `AC` and 32 hexadecimal digits; its auth token; the base of its REST API."""

    sid: str
    auth_token: str = field(repr=False)
    api_url: str


def phone_account() -> PhoneAccount | None:
    """Return the account of the phone in the browser, or None where that is switched off."""
    if not settings.PHONE:
        return None
    sid = f"AC{_derived('account SID')[:32]}"
    return PhoneAccount(sid, _derived("auth token"), f"{settings.PUBLIC_URL}{API_PATH}")


def _derived(what: str) -> str:
    """Derive one secret from SECRET_KEY, in hexadecimal; none of them tells of another."""
    message = f"voiceproject.phone_account: {what}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), message, hashlib.sha256).hexdigest()
