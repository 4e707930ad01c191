"""Admin pages whose changes are recorded in the history of the bot."""

from typing import Any

import reversion
from django.contrib import admin
from django.http import HttpRequest, HttpResponse


class RecordedAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # no generic at run time
    """The base of an admin in which each form that is sent is one change, by whoever sent it.

    Only what is sent opens a revision: it is a transaction, which on SQLite keeps others from
    writing.
    """

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        with reversion.create_revision():
            reversion.set_user(request.user)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if request.method != "POST":
            return super().delete_view(request, object_id, extra_context)
        with reversion.create_revision():
            reversion.set_user(request.user)
            return super().delete_view(request, object_id, extra_context)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Also what is done to several rows at once, such as deleting them."""
        if request.method != "POST":
            return super().changelist_view(request, extra_context)
        with reversion.create_revision():
            reversion.set_user(request.user)
            return super().changelist_view(request, extra_context)
