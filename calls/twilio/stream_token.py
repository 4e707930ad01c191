"""The one-use token that lets a media stream in.

It travels in the TwiML of one call, comes back in the stream's `start` message, and
is kept only as a digest: whoever reads the database cannot open a stream with it.
"""

import hashlib
import secrets
from datetime import timedelta

PARAMETER = "token"
"""The name of the `<Parameter>` that carries it."""

LIFETIME = timedelta(minutes=5)
"""Twilio opens the stream after the greeting was spoken, which takes four minutes at the most."""


def new_token() -> str:
    """Return a token of 256 random bits, in characters that XML and JSON leave alone."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """Return the SHA-256 of a token, in hexadecimal; any text is accepted."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
