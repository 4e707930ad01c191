"""Admin pages whose changes are recorded in the history of the bot."""

from collections.abc import Iterable
from typing import Any

import reversion
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst

from chatbot.models import Intent


class RecordedAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # no generic at run time
    """The base of an admin in which each form that is sent is one change, by whoever sent it.

    Only what is sent opens a revision: it is a transaction, which on SQLite keeps others from
    writing.
    """

    def get_deleted_objects(self, objs: Iterable[Any], request: HttpRequest) -> Any:
        """Name what goes too, but for the rows that say which intent follows which.

        They have no name that tells an editor anything.
        """
        deleted, counts, missing, protected = super().get_deleted_objects(list(objs), request)
        follows = Intent.follows.through._meta
        counts.pop(str(follows.verbose_name_plural), None)
        nameless = f"{capfirst(follows.verbose_name)}: "
        return _without(nameless, deleted), counts, missing, protected

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


def _without(begin: str, tree: list[Any]) -> list[Any]:
    """Return nested lists of texts without those that begin so; no list in them is empty."""
    kept = (_without(begin, branch) if isinstance(branch, list) else branch for branch in tree)
    return [branch for branch in kept if branch and not str(branch).startswith(begin)]
