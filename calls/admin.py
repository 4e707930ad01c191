"""The record of calls as the supervisor reads it: a list to search, each call a conversation."""

from datetime import timedelta

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from calls.models import Call


class RunningFilter(admin.SimpleListFilter):
    """Running calls, or those that are over."""

    title = "state"
    parameter_name = "running"

    def lookups(
        self, request: HttpRequest, model_admin: "admin.ModelAdmin[Call]"
    ) -> list[tuple[str, str]]:
        return [("yes", "Running now"), ("no", "Over")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Call]) -> QuerySet[Call]:
        if self.value() is None:
            return queryset
        return queryset.filter(ended_at__isnull=self.value() == "yes")


@admin.register(Call)
class CallAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # no generic at run time
    """Calls can be read and searched; nobody rewrites what was said."""

    list_display = ["started_at", "from_number", "bot", "length", "turn_count", "ending"]
    list_filter = [RunningFilter, "outcome", "bot", "started_at"]
    list_select_related = ["bot"]
    list_per_page = 50
    date_hierarchy = "started_at"
    search_fields = ["turns__text", "from_number", "to_number", "sid"]
    search_help_text = "Words of the transcript, a number, or a call SID."
    change_form_template = "admin/calls/call/conversation.html"
    fields = ()

    @admin.display(description="length")
    def length(self, call: Call) -> timedelta | str:
        return "running" if call.duration is None else call.duration

    @admin.display(description="how it ended", ordering="outcome")
    def ending(self, call: Call) -> str:
        return call.get_outcome_display() if call.is_over else call.get_status_display()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Call | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Call | None = None) -> bool:
        return False
