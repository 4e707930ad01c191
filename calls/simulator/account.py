"""The Twilio account whose part is played: its identifiers and its signature."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit

from twilio.request_validator import RequestValidator


def new_sid(prefix: str) -> str:
    """Draw a new identifier as Twilio forms them: two letters and 32 hexadecimal digits."""
    return prefix + secrets.token_hex(16)


def signed_form(url: str) -> str:
    """Give the form of a URL that Twilio signs: no userinfo, no fragment, over https no port.

    Source: twilio.com/docs/usage/security.
    """
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    if parts.scheme == "https" and parts.port is not None:
        host = host.rpartition(":")[0]
    return urlunsplit((parts.scheme, host, parts.path, parts.query, ""))


@dataclass(frozen=True, slots=True)
class Account:
    """An account SID (`AC` and 32 hexadecimal digits) and its primary auth token."""

    sid: str
    auth_token: str = field(repr=False)

    def sign(self, url: str, params: Mapping[str, str] | None = None) -> str:
        """Sign exactly this URL and these form parameters (HMAC-SHA1, base64)."""
        validator = RequestValidator(self.auth_token)
        return str(validator.compute_signature(url, params or {}))
