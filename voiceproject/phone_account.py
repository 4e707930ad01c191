"""The telephone account of the phone in the browser, beside the real one.

It exists while the setting PHONE is on. Nobody is given its token: both sides of its signatures,
the phone and the webhooks, derive it from SECRET_KEY, so all processes know the same one. Its SID
is no secret, and always the same: by it the record tells calls of the phone from those of callers.
"""

import hashlib
import hmac
from dataclasses import dataclass, field

from django.conf import settings

SID = f"AC{hashlib.sha256(b'The phone in the browser').hexdigest()[:32]}"

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
    return PhoneAccount(SID, _auth_token(), f"{settings.PUBLIC_URL}{API_PATH}")


def _auth_token() -> str:
    """Derive the token from SECRET_KEY, of which it tells nothing."""
    message = b"voiceproject.phone_account: auth token"
    return hmac.new(settings.SECRET_KEY.encode(), message, hashlib.sha256).hexdigest()
