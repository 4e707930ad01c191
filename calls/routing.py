"""The WebSocket routes."""

from django.urls import path, re_path

from calls.addresses import MEDIA_PATH
from calls.consumers import MediaStreamConsumer, refuse

websocket_urlpatterns = [
    path(MEDIA_PATH.removeprefix("/"), MediaStreamConsumer.as_asgi()),
    re_path("", refuse),  # type: ignore[arg-type]  # an ASGI application, as the one above
]
