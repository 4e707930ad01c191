"""The routes of the project over HTTP; those of the media WebSocket are in `calls.routing`."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.decorators.http import require_safe
from django.views.generic import RedirectView


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Liveness: the process answers. It asks neither the database nor Redis on purpose."""
    return HttpResponse("ok\n", content_type="text/plain")


admin.site.site_header = admin.site.site_title = "Phone bot"
admin.site.index_title = "What the bot says, and what was said"

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("healthz", healthz, name="healthz"),
    path("admin/", admin.site.urls),
    path("", include("chatbot.urls")),
    path("voice/", include("calls.urls")),
]
