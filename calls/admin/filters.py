"""By what the list of calls can be narrowed down at a click."""

import re
from typing import ClassVar

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest

from calls.admin.range_filter import RangeForm
from calls.caller_numbers import PERMISSION
from calls.models import Call, CallEvent
from calls.outcomes import ENDED_BY, WHO
from voiceproject.phone_account import SID as PHONE_SID

FAULTS = frozenset(CallEvent.Kind) - {CallEvent.Kind.ROTATED, CallEvent.Kind.HUNG_UP}
"""The events that are none of the ordinary course of a call."""

Choices = list[tuple[str, str]]

_IS_ID = re.compile(r"[0-9]{1,18}")


class EitherFilter(admin.SimpleListFilter):
    """Calls of which something is so (`yes` in the address), or those of which it is not (`no`)."""

    options: ClassVar[Choices]
    """The two choices, as they are offered."""
    condition: ClassVar[Q | Exists]
    """What is so."""

    def lookups(self, request: HttpRequest, model_admin: "admin.ModelAdmin[Call]") -> Choices:
        return self.options

    def queryset(self, request: HttpRequest, queryset: QuerySet[Call]) -> QuerySet[Call]:
        if self.value() is None:
            return queryset
        return queryset.filter(self.condition if self.value() == "yes" else ~self.condition)


class RunningFilter(EitherFilter):
    """Running calls, or those that are over."""

    title = "state"
    parameter_name = "running"
    options = [("yes", "Running now"), ("no", "Over")]
    condition = Q(ended_at__isnull=True)


class MissedFilter(EitherFilter):
    """Calls in which the bot did not understand something, or those in which it did throughout."""

    title = "understanding"
    parameter_name = "missed"
    options = [("yes", "Had a no-match"), ("no", "All understood")]
    condition = Q(miss_count__gt=0)


class EndedByFilter(admin.SimpleListFilter):
    """Calls by who ended them."""

    title = "who ended it"
    parameter_name = "by"

    def lookups(self, request: HttpRequest, model_admin: "admin.ModelAdmin[Call]") -> Choices:
        known = {WHO.get(outcome) for outcome in Call.Outcome}
        return [(by, words.capitalize()) for by, words in ENDED_BY.items() if by in known]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Call]) -> QuerySet[Call]:
        if self.value() is None:
            return queryset
        outcomes = [outcome for outcome, by in WHO.items() if by == self.value()]
        return queryset.filter(outcome__in=outcomes, ended_at__isnull=False)


class FaultFilter(EitherFilter):
    """Calls in which something failed on the way, or those in which nothing did."""

    title = "faults"
    parameter_name = "fault"
    options = [("yes", "Had a fault"), ("no", "Had none")]
    condition = Exists(CallEvent.objects.filter(call=OuterRef("pk"), kind__in=FAULTS))


class TestFilter(EitherFilter):
    """Calls of callers, or those that the staff places from the phone in the browser."""

    title = "test calls"
    parameter_name = "test"
    options = [("no", "Without them"), ("yes", "Only those of the phone in the browser")]
    condition = Q(account_sid=PHONE_SID)


class SameCallerFilter(admin.SimpleListFilter):
    """The calls of the caller of one, for who may see numbers. Shown where it is asked for.

    An address names the call, because addresses are logged, kept and passed on.
    """

    title = "caller"
    parameter_name = "same_caller"

    def lookups(self, request: HttpRequest, model_admin: "admin.ModelAdmin[Call]") -> Choices:
        call = self.used_parameters.get(self.parameter_name)
        return [] if call is None else [(str(call), "The same number as of one call")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Call]) -> QuerySet[Call]:
        asked = self.value()
        if asked is None:
            return queryset
        if not request.user.has_perm(PERMISSION) or not _IS_ID.fullmatch(asked):
            return queryset.none()
        call = Call.objects.filter(pk=asked).first()
        return queryset.none() if call is None else queryset.filter(from_number=call.from_number)


LOOKUPS = frozenset(
    {
        *RangeForm.base_fields,
        "bot__id__exact",
        "bot__isnull",
        "outcome__exact",
        "started_at__gte",
        "started_at__lt",
        *(
            by.parameter_name
            for by in (
                RunningFilter,
                EndedByFilter,
                MissedFilter,
                FaultFilter,
                TestFilter,
                SameCallerFilter,
            )
        ),
    }
)
"""What an address of the list may ask for: what the filters put there."""
