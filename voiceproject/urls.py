"""The routes of the project over HTTP.

`/healthz` is answered in `voiceproject.middleware`, WebSockets in `calls.routing`.
"""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("admin/", admin.site.urls),
    path("", include("chatbot.urls")),
    path("voice/", include("calls.urls")),
    path("phone", RedirectView.as_view(pattern_name="phone")),
    path("phone/", include("calls.phone.urls")),
]
