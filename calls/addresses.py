"""Where Twilio reaches us. Built from PUBLIC_URL, never from the Host of a request."""

from django.conf import settings
from django.urls import reverse

MEDIA_PATH = "/voice/media"


def public_url(route: str, *args: object) -> str:
    """Return the absolute URL of a named route."""
    return f"{settings.PUBLIC_URL}{reverse(route, args=args)}"


def media_url() -> str:
    """Return the URL of the media WebSocket: wss where PUBLIC_URL is https, else ws."""
    return f"ws{settings.PUBLIC_URL.removeprefix('http')}{MEDIA_PATH}"
