"""The page of the calls that run at this moment."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from calls.caller_numbers import PERMISSION
from calls.live.rows import count_read, count_words, rows_read
from calls.live.viewers import VIEW


def calls_now(request: HttpRequest, site: admin.AdminSite) -> HttpResponse:
    """Show the running calls as they stand; a script keeps the page up to date."""
    if not request.user.has_perm(VIEW):
        raise PermissionDenied
    context = {
        **site.each_context(request),
        "title": "Calls now",
        "rows": rows_read(sees_numbers=request.user.has_perm(PERMISSION)),
        "count": count_words(count_read()),
    }
    return TemplateResponse(request, "admin/calls/call/now.html", context)
