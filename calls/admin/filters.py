"""By what the list of calls can be narrowed down."""

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest

from calls.models import Call, Turn
from chatbot.answers import Rule


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


class MissedFilter(admin.SimpleListFilter):
    """Calls in which the bot did not understand something, or those in which it did throughout."""

    title = "understanding"
    parameter_name = "missed"

    def lookups(
        self, request: HttpRequest, model_admin: "admin.ModelAdmin[Call]"
    ) -> list[tuple[str, str]]:
        return [("yes", "Had a no-match"), ("no", "All understood")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Call]) -> QuerySet[Call]:
        missed = Exists(
            Turn.objects.filter(call=OuterRef("pk"), role=Turn.Role.CALLER, rule=Rule.NO_MATCH)
        )
        if self.value() is None:
            return queryset
        return queryset.filter(missed if self.value() == "yes" else ~missed)
