"""A small form by which the list of calls is narrowed down: days, numbers, length, slowness."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib.admin import ListFilter, ModelAdmin
from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from calls.caller_numbers import PERMISSION
from calls.models import Call
from calls.search.terms import Term

YEARS = range(2000, 2200)

_MAX_SECONDS = 7 * 24 * 3600
_MAX_MS = 600_000


def _whole(most: int, unit: str) -> forms.IntegerField:
    message = f"Write a whole number of {unit} from 0 to {most}."
    codes = ("invalid", "min_value", "max_value")
    return forms.IntegerField(
        required=False,
        min_value=0,
        max_value=most,
        # Not of type number, in which a browser shows nothing of what was written wrongly.
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages=dict.fromkeys(codes, message),
    )


def _day(label: str) -> forms.DateField:
    return forms.DateField(
        required=False,
        label=label,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Write a day such as 2026-11-26."},
    )


class RangeForm(forms.Form):
    """What the list can be narrowed down by in figures; each field may be empty."""

    from_day = _day("From")
    to_day = _day("To, and with it")
    caller = forms.CharField(required=False, max_length=60, label="Caller’s number has")
    called = forms.CharField(required=False, max_length=60, label="Number called has")
    longer = _whole(_MAX_SECONDS, "seconds")
    slower = _whole(_MAX_MS, "milliseconds")

    def __init__(self, *args: Any, may_see_numbers: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["longer"].label = "Longer than (seconds)"
        self.fields["slower"].label = "Slowest answer over (ms)"
        if not may_see_numbers:
            del self.fields["caller"]

    def clean_from_day(self) -> date | None:
        return self._in_years("from_day")

    def clean_to_day(self) -> date | None:
        return self._in_years("to_day")

    def _in_years(self, name: str) -> date | None:
        day: date | None = self.cleaned_data[name]
        if day is not None and day.year not in YEARS:
            raise ValidationError(f"Write a day between {YEARS[0]} and {YEARS[-1]}.")
        return day

    def clean(self) -> dict[str, Any]:
        """Refuse an end before the beginning."""
        cleaned: dict[str, Any] = super().clean() or {}
        since, until = cleaned.get("from_day"), cleaned.get("to_day")
        if since and until and until < since:
            self.add_error("to_day", "This day is before the first one.")
        return cleaned

    def condition(self) -> Q:
        """Return what the calls have in common that are asked for; the form is valid."""
        asked = self.cleaned_data
        parts = Q()
        if asked["from_day"]:
            parts &= Q(started_at__gte=_midnight(asked["from_day"]))
        if asked["to_day"]:
            parts &= Q(started_at__lt=_midnight(asked["to_day"] + timedelta(days=1)))
        if asked["longer"] is not None:
            parts &= _longer(timedelta(seconds=asked["longer"]))
        if asked["slower"] is not None:
            parts &= Q(slowest_ms__gt=asked["slower"])
        for name, field in (("caller", "from_number"), ("called", "to_number")):
            if asked.get(name):
                parts &= _has_number(field, asked[name])
        return parts


class RangeFilter(ListFilter):
    """The form, in the column of the filters. Where it is filled in wrongly, no call is shown."""

    title = "day, number, length, speed"
    template = "admin/calls/call/range_filter.html"

    def __init__(
        self,
        request: HttpRequest,
        params: dict[str, Any],
        model: type[Call],
        model_admin: "ModelAdmin[Any]",
    ) -> None:
        super().__init__(request, params, model, model_admin)
        may_see_numbers = request.user.has_perm(PERMISSION)
        names = list(RangeForm(may_see_numbers=may_see_numbers).fields)
        sent = {name: params.pop(name)[-1] for name in names if name in params}
        self.form = RangeForm(sent, may_see_numbers=may_see_numbers, auto_id="filter-%s")
        self.used_parameters = sent

    def problems(self) -> str:
        """Return what is wrong with what was filled in, in sentences; empty for nothing."""
        return " ".join(
            f"{self.form[name].label}: {error}"
            for name, errors in self.form.errors.items()
            for error in errors
        )

    def has_output(self) -> bool:
        return True

    def expected_parameters(self) -> list[str | None]:
        return list(self.form.fields)

    def choices(self, changelist: Any) -> Iterator[dict[str, Any]]:
        """Yield once: the form, what it must keep of the address, and the address without it."""
        own = [*self.form.fields, "p"]
        kept = {name: it for name, it in changelist.filter_params.items() if name not in own}
        yield {
            "form": self.form,
            "kept": [(name, value) for name, values in kept.items() for value in values],
            "is_used": any(self.used_parameters.values()),
            "without": changelist.get_query_string(dict.fromkeys(own)),
        }

    def queryset(self, request: HttpRequest, queryset: QuerySet[Call]) -> QuerySet[Call]:
        if not self.form.is_valid():
            return queryset.none()
        return queryset.filter(self.form.condition())


def _midnight(day: date) -> datetime:
    """Return when a day begins in the time zone of the admin."""
    return timezone.make_aware(datetime.combine(day, time.min))


def _longer(least: timedelta) -> Q:
    """Return which calls took, or have taken so far, longer: by Twilio's count, or by our clock."""
    reported = Q(duration_seconds__gt=least.total_seconds())
    by_clock = Q(duration_seconds=None, ended_at__gt=F("started_at") + least)
    running = Q(ended_at=None, started_at__lt=timezone.now() - least)
    return reported | by_clock | running


def _has_number(field: str, written: str) -> Q:
    """Return which calls have a number, or what else stands there, such as “anonymous”."""
    number = Term(written).number
    if number.isdigit():
        return Q(**{f"{field}__contains": number})
    return Q(**{f"{field}__icontains": written.strip()})
