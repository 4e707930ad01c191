"""The types of ASGI (asgi.readthedocs.io), as servers and Channels fill them: plain dictionaries.

Those of `asgiref.typing` name each event, and hold for no channel layer's.
"""

from collections.abc import Awaitable, Callable
from typing import Any

Scope = dict[str, Any]
Event = dict[str, Any]
Receive = Callable[[], Awaitable[Event]]
Send = Callable[[Event], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
