"""The admin as the product's own site."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.template.response import TemplateResponse


class PhoneBotSite(admin.AdminSite):
    """The pages of the product; their front page leads to what one is here for."""

    site_header = site_title = "Phone bot"
    index_title = "What the bot says, and what was said"
    index_template = "admin/front_page.html"
    site_url = None  # there is no other site

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        # The models that it reads are there only once the apps are loaded.
        from voiceproject.front_page import doors

        context = {"doors": doors(request, self), **(extra_context or {})}
        return super().index(request, context)
