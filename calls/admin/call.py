"""The record of calls as the supervisor reads it: a list to search, each call a conversation."""

import re
from datetime import timedelta
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.text import smart_split, unescape_string_literal
from django.views.decorators.http import require_POST

from calls.admin.control import control_call, control_context
from calls.admin.conversation import conversation_of
from calls.admin.entries import last_captured
from calls.admin.filters import MissedFilter, RunningFilter
from calls.admin.now import calls_now
from calls.caller_numbers import HIDDEN, PERMISSION
from calls.live.wording import ending, length, running_seconds
from calls.models import Call
from calls.rehearsal_of_call import MadeRehearsal, NothingToRehearse, rehearsal_of_call
from chatbot.admin.rehearsals_page import RehearsalsPage

REHEARSE = "chatbot.change_bot"
"""The permission to make a rehearsal of a call."""

NUMBER_FIELD = "from_number"


@admin.register(Call)
class CallAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # no generic at run time
    """Calls can be read and searched; nobody rewrites what was said.

    The number of the caller is only for those who may see it: it is not shown to others, nor can
    they search, filter or sort by it.
    """

    list_display = ["started_at", NUMBER_FIELD, "bot", "length", "turn_count", "ending"]
    list_filter = [RunningFilter, MissedFilter, "outcome", "bot", "started_at"]
    list_select_related = ["bot"]
    list_per_page = 50
    date_hierarchy = "started_at"
    search_fields = ["turns__text", NUMBER_FIELD, "to_number", "sid"]
    change_form_template = "admin/calls/call/conversation.html"
    fields = ()

    # --- The list -----------------------------------------------------------------------------

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """Return the columns."""
        if request.user.has_perm(PERMISSION):
            return self.list_display
        return [
            "hidden_number" if column == NUMBER_FIELD else column for column in self.list_display
        ]

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        """Return what is searched."""
        may_see = request.user.has_perm(PERMISSION)
        return [field for field in self.search_fields if may_see or field != NUMBER_FIELD]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Call], search_term: str
    ) -> tuple[QuerySet[Call], bool]:
        """Find no digits of a hidden number in what was said, by which it could be guessed."""
        found, may_have_duplicates = super().get_search_results(request, queryset, search_term)
        if not request.user.has_perm(PERMISSION):
            for bit in smart_split(search_term):
                term = unescape_string_literal(bit) if bit[0] in {'"', "'"} else bit
                digits = re.sub(r"\D", "", term).lstrip("0")
                if digits:
                    shown = Q(sid__icontains=term) | Q(to_number__icontains=term)
                    found = found.exclude(~shown, from_number__contains=digits)
        return found, may_have_duplicates

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Refuse to filter by the number in the address, by which it could be guessed."""
        if lookup.startswith(NUMBER_FIELD) and not request.user.has_perm(PERMISSION):
            return False
        return super().lookup_allowed(lookup, value, request)

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """Say what can be searched for."""
        changelist = super().get_changelist_instance(request)
        may_see = request.user.has_perm(PERMISSION)
        number = "a number" if may_see else "the number called"
        changelist.search_help_text = f"Words of the transcript, {number}, or a call SID."
        return changelist

    @admin.display(description="caller")
    def hidden_number(self, call: Call) -> str:
        return HIDDEN

    @admin.display(description="length")
    def length(self, call: Call) -> timedelta | str:
        return "running" if call.duration is None else call.duration

    @admin.display(description="how it ended", ordering="outcome")
    def ending(self, call: Call) -> str:
        return call.get_outcome_display() if call.is_over else call.get_status_display()

    # --- One call -----------------------------------------------------------------------------

    def get_urls(self) -> list[Any]:
        rehearsal = path(
            "<int:call_id>/rehearsal/",
            self.admin_site.admin_view(require_POST(self.make_rehearsal)),
            name="calls_call_rehearsal",
        )
        view = self.admin_site.admin_view
        now = path("now/", view(partial(calls_now, site=self.admin_site)), name="calls_call_now")
        control = path(
            "<int:call_id>/control/", view(require_POST(control_call)), name="calls_call_control"
        )
        return [rehearsal, now, control, *super().get_urls()]

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
        found, moments = conversation_of(call, shows_number=may_see_number)
        return {
            "timeline": moments,
            "captured": last_captured(found),
            "caller": call.from_number if may_see_number else HIDDEN,
            "length": length(call),
            "seconds": running_seconds(call),
            "ending": ending(call),
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
