"""The record of calls as the supervisor reads it: a list to search, each call a conversation."""

from datetime import timedelta
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ALL_VAR, ORDER_VAR, PAGE_VAR, SEARCH_VAR, ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.html import format_html
from django.views.decorators.http import require_GET, require_POST

from calls.admin.call_list import MOST_COUNTED, MOST_FOUND, BoundedPaginator, CallList
from calls.admin.control import control_call, control_context
from calls.admin.conversation import conversation_of
from calls.admin.entries import last_captured
from calls.admin.exporting import export_call, export_selection
from calls.admin.filters import (
    LOOKUPS,
    EndedByFilter,
    FaultFilter,
    MissedFilter,
    RunningFilter,
    SameCallerFilter,
    TestFilter,
)
from calls.admin.now import calls_now
from calls.admin.range_filter import RangeFilter
from calls.caller_numbers import HIDDEN, PERMISSION
from calls.live.wording import length, misses, running_seconds, slowest
from calls.models import Call
from calls.outcomes import ended_by, ending_of
from calls.rehearsal_of_call import MadeRehearsal, NothingToRehearse, rehearsal_of_call
from calls.same_caller import same_caller
from calls.search import calls_found, terms_of
from chatbot.admin.rehearsals_page import RehearsalsPage

REHEARSE = "chatbot.change_bot"
"""The permission to make a rehearsal of a call."""


@admin.register(Call)
class CallAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # no generic at run time
    """Calls can be read and searched; nobody rewrites what was said.

    The number of the caller is only for those who may see it: it is not shown to others, nor can
    they search, filter or sort by it.
    """

    list_display = ["started_at", "caller", "bot", "length", "turn_count", "ending"]
    list_filter = [
        SameCallerFilter,
        RunningFilter,
        RangeFilter,
        "bot",
        "outcome",
        EndedByFilter,
        MissedFilter,
        FaultFilter,
        TestFilter,
        "started_at",
    ]
    list_select_related = ["bot"]
    list_per_page = 50
    search_fields = ["sid"]  # that there is a search; what is searched is in calls.search
    show_facets = admin.ShowFacets.NEVER  # each count would read all calls
    show_full_result_count = False
    change_form_template = "admin/calls/call/conversation.html"
    fields = ()

    # --- The list -----------------------------------------------------------------------------

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """Return the columns; what was found takes the place of how much was said."""
        columns = self.list_display
        if request.GET.get(SEARCH_VAR):
            first, *others = (column for column in columns if column != "turn_count")
            columns = [first, "said", *others]
        if request.user.has_perm(PERMISSION):
            return columns
        return ["hidden_number" if column == "caller" else column for column in columns]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Call], search_term: str
    ) -> tuple[QuerySet[Call], bool]:
        """Find calls by words, numbers and SIDs; no hidden number by its digits."""
        if not search_term.strip():
            return queryset, False
        may_see = request.user.has_perm(PERMISSION)
        return calls_found(queryset, terms_of(search_term), may_see_numbers=may_see), False

    def get_paginator(
        self,
        request: HttpRequest,
        queryset: QuerySet[Call],
        per_page: int,
        orphans: int = 0,
        allow_empty_first_page: bool = True,
    ) -> BoundedPaginator:
        most = MOST_FOUND if request.GET.get(SEARCH_VAR) else MOST_COUNTED
        return BoundedPaginator(queryset, per_page, orphans, allow_empty_first_page, most=most)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return CallList

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Let an address ask for what the filters offer, and for nothing else.

        By anything else that a call has, such as what its dialogue keeps, a hidden number could be
        guessed digit by digit.
        """
        return lookup in LOOKUPS

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> Any:
        """Have the links of the export ask for what the list shows."""
        asked = request.GET.copy()
        for name in (PAGE_VAR, ORDER_VAR, ALL_VAR):
            asked.pop(name, None)
        query = f"?{asked.urlencode()}" if asked else ""
        context = {"title": "Calls", "export_query": query, **(extra_context or {})}
        return super().changelist_view(request, context)

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """Say what can be searched for."""
        changelist = super().get_changelist_instance(request)
        may_see = request.user.has_perm(PERMISSION)
        number = "a number" if may_see else "the number called"
        changelist.search_help_text = (
            f"Words of the transcript, {number}, or a call SID. What is in quotes is looked for "
            "in this order; otherwise each word may be anywhere in the call."
        )
        if not may_see:
            changelist.search_help_text += (
                " The numbers of callers are hidden: nothing is found by them. Digits that very "
                "many transcripts have are looked for in the number called and the SID only."
            )
        return changelist

    @admin.display(description="caller", ordering="from_number")
    def caller(self, call: Call) -> str:
        return _marked(call, call.from_number or "unknown")

    @admin.display(description="caller")
    def hidden_number(self, call: Call) -> str:
        return _marked(call, HIDDEN)

    @admin.display(description="length")
    def length(self, call: Call) -> timedelta | str:
        return "running" if call.duration is None else call.duration

    @admin.display(description="how it ended", ordering="outcome")
    def ending(self, call: Call) -> str:
        return call.get_outcome_display() if call.is_over else call.get_status_display()

    @admin.display(description="what was said")
    def said(self, call: Call) -> str:
        """Return the places that the search has found, each with a link to it."""
        page = reverse("admin:calls_call_change", args=[call.pk])
        return render_to_string("admin/calls/call/hits.html", {"call": call, "page": page})

    # --- One call -----------------------------------------------------------------------------

    def get_urls(self) -> list[Any]:
        guarded = self.admin_site.admin_view
        return [
            path(
                "<int:call_id>/rehearsal/",
                guarded(require_POST(self.make_rehearsal)),
                name="calls_call_rehearsal",
            ),
            path(
                "export.<str:ending>",
                guarded(require_GET(partial(export_selection, self))),
                name="calls_call_export",
            ),
            path(
                "<int:call_id>/export.<str:ending>",
                guarded(require_GET(partial(export_call, self))),
                name="calls_call_export_one",
            ),
            path("now/", guarded(partial(calls_now, site=self.admin_site)), name="calls_call_now"),
            path(
                "<int:call_id>/control/",
                guarded(require_POST(control_call)),
                name="calls_call_control",
            ),
            *super().get_urls(),
        ]

    def render_change_form(
        self,
        request: HttpRequest,
        context: Any,
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> Any:
        if isinstance(obj, Call):
            context.update(self._conversation(request, obj))
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _conversation(self, request: HttpRequest, call: Call) -> dict[str, Any]:
        may_see_number = request.user.has_perm(PERMISSION)
        read = conversation_of(call, shows_number=may_see_number)
        return {
            "timeline": read.moments,
            "streams": read.streams,
            "ended_by": ended_by(call),
            "same_caller": same_caller(call) if may_see_number else None,
            "captured": last_captured(read.entries),
            "caller": call.from_number if may_see_number else HIDDEN,
            "length": length(call),
            "seconds": running_seconds(call),
            "ending": ending_of(call).text,
            "misses": misses(call),
            "slowest": slowest(call),
            **control_context(request, call),
            "may_rehearse": call.bot is not None and request.user.has_perm(REHEARSE),
        }

    def make_rehearsal(self, request: HttpRequest, call_id: int) -> HttpResponse:
        """Make a rehearsal of a call, and stay at the call."""
        call = self.get_object(request, str(call_id))
        if call is None:
            raise Http404
        if not self.has_view_permission(request, call) or not request.user.has_perm(REHEARSE):
            raise PermissionDenied
        back = HttpResponseRedirect(reverse("admin:calls_call_change", args=[call.pk]))
        if call.bot is None:
            messages.error(request, "The bot of this call was deleted: nobody can rehearse it.")
            return back
        try:
            made = rehearsal_of_call(call.bot, call)
        except NothingToRehearse as error:
            messages.error(request, str(error))
            return back
        _tell_of_rehearsal(request, made)
        return back

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Call | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Call | None = None) -> bool:
        return False


def _marked(call: Call, caller: str) -> str:
    return format_html('{} <span class="test-call">test</span>', caller) if call.is_test else caller


def _tell_of_rehearsal(request: HttpRequest, made: MadeRehearsal) -> None:
    bot = made.rehearsal.bot
    link = format_html('<a href="{}">{}</a>', RehearsalsPage.url(bot), made.rehearsal)
    messages.success(request, format_html("“{}” is now a rehearsal of {}.", link, bot))
    if not made.is_green:
        text = "It is red: the bot as it is now does not answer as it did in this call."
        messages.warning(request, text)
    if made.left_out:
        count = "1 time" if made.left_out == 1 else f"{made.left_out} times"
        messages.warning(
            request, f"What nobody could make out, {count} in this call, is no part of it."
        )
    if made.hides_number:
        messages.warning(
            request,
            "The caller’s own number was said in this call; “[number]” stands in its place. Write "
            "another number there for the bot to hear.",
        )
