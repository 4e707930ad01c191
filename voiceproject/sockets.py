"""Guards WebSockets that serve pages of ours: for the staff only, and from our own pages only."""

from importlib import import_module
from urllib.parse import urlsplit

from channels.auth import AuthMiddlewareStack
from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.models import User
from django.http import HttpRequest

from voiceproject.asgi_types import Application, Receive, Scope, Send

SOCKET_GONE = (OSError, RuntimeError)
"""What a server raises where a frame is sent to a socket that is gone: the one by the ASGI
specification, the other by Daphne."""


def for_staff(application: Application, *, refusal: int | None = None) -> Application:
    """Let in members of the staff who are signed in, from a page of this very host.

    Browsers send the session's cookie with a WebSocket that any page opens, and ask no leave of us
    first as they do for other requests: only Origin tells such a page from ours. Host and port are
    compared, because cookies are sent to all ports of a host. Whoever is refused gets HTTP 403, as
    a socket that is closed before it is accepted does (ASGI specification). A script cannot tell
    that from a server that is down; so with `refusal`, a close code, a page of ours is let in to
    be told by that, where nobody of the staff is signed in.
    """

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        user = scope["user"]
        if not is_own_origin(scope):
            await send({"type": "websocket.close"})
        elif user.is_active and user.is_staff:
            await application(scope, receive, send)
        elif refusal is None:
            await send({"type": "websocket.close"})
        else:
            await refuse(send, refusal)

    stack: Application = AuthMiddlewareStack(guarded)
    return stack


def staff_signed_in(session_key: str) -> User | None:
    """Return who of the staff is signed in by a session now, while a socket of his is open."""
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    user = get_user(request)
    if isinstance(user, User) and user.is_active and user.is_staff:
        return user
    return None


async def refuse(send: Send, code: int) -> None:
    """Tell a page by a close code why its socket serves nothing."""
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.close", "code": code})


def is_own_origin(scope: Scope) -> bool:
    """Whether a WebSocket was opened by a page of the host that it is opened to."""
    headers = dict(scope["headers"])
    host = headers.get(b"host", b"").decode("latin-1").lower()
    try:
        origin = urlsplit(headers.get(b"origin", b"").decode("latin-1").lower())
    except ValueError:  # a bracket that is not closed
        return False
    return bool(host) and origin.scheme in {"http", "https"} and origin.netloc == host
