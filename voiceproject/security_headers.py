"""What browsers are told to refuse on our pages; more is in the settings of SecurityMiddleware."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",  # of WebSockets too
        "media-src 'self' blob:",  # what a page records or receives, and plays
        "worker-src 'self'",
        "object-src 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
"""Nothing from elsewhere, and nothing that stands in the page itself: whatever of a caller's words
or a bot's texts should ever get into a page as markup, no browser runs it."""

PERMISSIONS_POLICY = ", ".join(
    (
        "microphone=(self)",
        "autoplay=(self)",
        *(
            f"{feature}=()"
            for feature in (
                "accelerometer",
                "camera",
                "display-capture",
                "encrypted-media",
                "fullscreen",
                "geolocation",
                "gyroscope",
                "hid",
                "idle-detection",
                "local-fonts",
                "magnetometer",
                "midi",
                "payment",
                "picture-in-picture",
                "publickey-credentials-create",
                "publickey-credentials-get",
                "screen-wake-lock",
                "serial",
                "storage-access",
                "usb",
                "window-management",
                "xr-spatial-tracking",
            )
        ),
    )
)
"""The microphone for calls from the browser, and sound; of what else a browser has, nothing."""

_STATUSES_OF_DEBUG = frozenset({400, 404, 500})


def security_headers(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Send both policies with every response, whoever gives it.

    Django's own error pages of DEBUG carry their styles and scripts in them: they alone go without
    the first. In production DEBUG is off, and there are none.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers["Permissions-Policy"] = PERMISSIONS_POLICY
        if not (settings.DEBUG and response.status_code in _STATUSES_OF_DEBUG):
            response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
        return response

    return answer
