"""The ASGI application: HTTP through Django, WebSockets through Channels."""

import gc
import os

from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voiceproject.settings")

# Loads the apps; what is imported below needs them.
django_application = get_asgi_application()

from calls.live.changes import announcing  # noqa: E402
from calls.routing import websocket_urlpatterns  # noqa: E402
from calls.speech.engines import create_recognizer  # noqa: E402
from voiceproject.lifespan import hand_over_when_daphne_stops, lifespan  # noqa: E402

# At the start, because its import takes a while, and because a wrong RECOGNIZER should be
# known before somebody calls.
create_recognizer()

application = announcing(
    ProtocolTypeRouter(
        {
            "http": django_application,
            "websocket": URLRouter(websocket_urlpatterns),
            "lifespan": lifespan,
        }
    )
)
hand_over_when_daphne_stops()

# What is loaded by now stays for good. To look it through for garbage takes 75 ms, in which no
# caller of the process is heard or answered.
gc.collect()
gc.freeze()
