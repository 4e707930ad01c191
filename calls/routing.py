"""The WebSocket routes."""

from django.urls import path, re_path

from calls.addresses import MEDIA_PATH
from calls.consumers import MediaStreamConsumer, refuse
from calls.live.sockets import NOT_ALLOWED, watch_call, watch_calls
from calls.phone.line import phone_line
from voiceproject.sockets import for_staff

websocket_urlpatterns = [
    path(MEDIA_PATH.removeprefix("/"), MediaStreamConsumer.as_asgi()),
    path("live/calls", for_staff(watch_calls, refusal=NOT_ALLOWED)),  # type: ignore[arg-type]
    path("live/calls/<str:sid>", for_staff(watch_call, refusal=NOT_ALLOWED)),  # type: ignore[arg-type]
    path("phone/line", for_staff(phone_line)),  # type: ignore[arg-type]  # an ASGI application
    re_path("", refuse),  # type: ignore[arg-type]  # an ASGI application, as the one above
]
