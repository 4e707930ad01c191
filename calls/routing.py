"""The WebSocket routes."""

from django.urls import path, re_path

from calls.addresses import MEDIA_PATH
from calls.consumers import MediaStreamConsumer, refuse
from calls.live.sockets import watch_call, watch_calls
from calls.phone.line import phone_line
from voiceproject.sockets import for_staff

websocket_urlpatterns = [
    path(MEDIA_PATH.removeprefix("/"), MediaStreamConsumer.as_asgi()),
    path("live/calls", for_staff(watch_calls)),  # type: ignore[arg-type]  # as those below
    path("live/calls/<str:sid>", for_staff(watch_call)),  # type: ignore[arg-type]
    path("phone/line", for_staff(phone_line)),  # type: ignore[arg-type]  # an ASGI application
    re_path("", refuse),  # type: ignore[arg-type]  # an ASGI application, as the one above
]
