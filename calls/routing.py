"""The WebSocket routes."""

from django.urls import path

from calls.addresses import MEDIA_PATH
from calls.consumers import MediaStreamConsumer

websocket_urlpatterns = [
    path(MEDIA_PATH.removeprefix("/"), MediaStreamConsumer.as_asgi()),
]
