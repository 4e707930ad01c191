"""Calls as files, from their list and from the page of one."""

from typing import Any

from django.contrib.admin import ModelAdmin
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.utils import timezone

from calls.admin.call_list import Selection
from calls.admin.range_filter import RangeFilter
from calls.caller_numbers import PERMISSION
from calls.export import FORMATS, as_text, call_read, calls_read, streamed
from calls.export.formats import Json
from calls.models import Call


def export_selection(
    admin: "ModelAdmin[Call]", request: HttpRequest, ending: str
) -> HttpResponseBase:
    """Send all calls that the list shows for the same address, not only those of one page."""
    if not admin.has_view_permission(request):
        raise PermissionDenied
    if ending not in FORMATS:
        raise Http404
    try:
        selection = _selection(admin, request)
    except (DisallowedModelAdminLookup, IncorrectLookupParameters):
        return _refused("The address asks for what calls cannot be filtered by.")
    for spec in selection.filter_specs:
        if isinstance(spec, RangeFilter) and not spec.form.is_valid():
            return _refused(spec.problems())
    is_part = bool(selection.query or selection.has_active_filters)
    now = timezone.localtime()
    name = f"calls{'-found' if is_part else ''}-{now:%Y-%m-%d-%H%M}.{ending}"
    form = FORMATS[ending](timezone.get_current_timezone())
    chunks = calls_read(selection.queryset, may_see_numbers=request.user.has_perm(PERMISSION))
    response = StreamingHttpResponse(
        streamed(request, chunks, form), content_type=form.content_type
    )
    return _as_file(response, name)


def export_call(
    admin: "ModelAdmin[Call]", request: HttpRequest, call_id: int, ending: str
) -> HttpResponseBase:
    """Send one call as a file; as plain text to be read at once."""
    call = admin.get_object(request, str(call_id))
    if call is None or ending not in {*FORMATS, "txt"}:
        raise Http404
    if not admin.has_view_permission(request, call):
        raise PermissionDenied
    zone = timezone.get_current_timezone()
    record = call_read(call, may_see_numbers=request.user.has_perm(PERMISSION))
    if ending == "txt":
        text = HttpResponse(as_text(record, zone), content_type="text/plain; charset=utf-8")
        text["Cache-Control"] = "no-store"
        return text
    form = FORMATS[ending](zone)
    if isinstance(form, Json):
        written = form.line(record) + "\n"
    else:
        written = form.begin() + form.write([record]) + form.end()
    began = timezone.localtime(call.started_at)
    name = f"call-{began:%Y-%m-%d-%H%M%S}-{call.sid}.{ending}"
    return _as_file(HttpResponse(written, content_type=form.content_type), name)


def _selection(admin: "ModelAdmin[Call]", request: HttpRequest) -> Any:
    """Return the list that the address asks for, without reading it."""
    return Selection(
        request,
        admin.model,
        admin.get_list_display(request),
        (),
        admin.get_list_filter(request),
        None,
        admin.get_search_fields(request),
        admin.get_list_select_related(request),
        admin.list_per_page,
        admin.list_max_show_all,
        (),
        admin,
        None,
        "",
    )


def _refused(why: str) -> HttpResponse:
    return HttpResponseBadRequest(f"Nothing was exported. {why}\n", content_type="text/plain")


def _as_file(response: HttpResponseBase, name: str) -> HttpResponseBase:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
