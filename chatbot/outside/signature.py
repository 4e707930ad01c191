"""The signature by which a receiver knows that a request is ours. Pure.

Every request to an address that has a secret carries the header

    X-Phonebot-Signature: t=<unix seconds>,v1=<64 hexadecimal digits>

A receiver takes the number after `t=`, a full stop and the body as it came, byte for byte, and
computes the HMAC-SHA256 of them with the secret as the key. The request is ours if that is what
stands after `v1=` (compared in constant time), and no replay if `t` is less than five minutes
away from its own clock. `verify` is just that.
"""

import hashlib
import hmac
import re
from typing import Final

HEADER: Final = "X-Phonebot-Signature"

TOLERANCE_SECONDS: Final = 300
"""How far the clocks of sender and receiver may differ, the way of the request included."""

_FORM = re.compile(r"t=([0-9]{1,12}),v1=([0-9a-f]{64})", re.ASCII)


def sign(secret: str, body: bytes, now: int) -> str:
    """Return the value of the header for a body sent `now`, in Unix seconds."""
    return f"t={now},v1={_digest(secret, body, now)}"


def verify(secret: str, header: str, body: bytes, now: float) -> bool:
    """Return whether the holder of the secret sent this body, not long before `now`."""
    match = _FORM.fullmatch(header)
    if match is None:
        return False
    sent_at = int(match[1])
    is_recent = abs(now - sent_at) <= TOLERANCE_SECONDS
    return hmac.compare_digest(_digest(secret, body, sent_at), match[2]) and is_recent


def _digest(secret: str, body: bytes, sent_at: int) -> str:
    return hmac.new(secret.encode(), b"%d.%b" % (sent_at, body), hashlib.sha256).hexdigest()
