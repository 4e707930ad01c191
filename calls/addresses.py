"""Where Twilio reaches us. Built from PUBLIC_URL, never from the Host of a request."""

import secrets

from django.conf import settings
from django.urls import reverse

MEDIA_PATH = "/voice/media"
ASK = "ask"
"""The query parameter that names one redirect to /voice/next, should it be followed twice."""

BOT = "bot"
"""The query parameter of /voice/stream that names the bot that answers, by its id."""

DIALLED = "dialled"
"""The query parameter of /voice/next that says that a transfer has ended."""


def public_url(route: str, *args: object) -> str:
    """Return the absolute URL of a named route."""
    return f"{settings.PUBLIC_URL}{reverse(route, args=args)}"


def media_url() -> str:
    """Return the URL of the media WebSocket: wss where PUBLIC_URL is https, else ws."""
    return f"ws{settings.PUBLIC_URL.removeprefix('http')}{MEDIA_PATH}"


def dialled_url() -> str:
    """Return the URL at which a call goes on after a transfer; it tells how that ended."""
    return f"{public_url('voice-next')}?{DIALLED}=1"


def next_redirect_url() -> str:
    """Return a URL of /voice/next for one redirect, however often that redirect is posted."""
    return f"{public_url('voice-next')}?{ASK}={secrets.token_urlsafe(9)}"
