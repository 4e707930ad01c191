"""The rows of a bot and of an intent, as they stand in the forms of these."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import TextInput
from django.http import HttpRequest

from chatbot.forms import (
    ClosedDayForm,
    KeywordFormSet,
    LabelledRowsFormSet,
    NoInputFormSet,
    NoMatchFormSet,
    OpeningTimeForm,
    PhoneNumberFormSet,
    ReplyForm,
    RepromptForm,
    RepromptFormSet,
    SaidRowFormSet,
    UniqueRowsFormSet,
)
from chatbot.models import (
    EXPECTATION_FIELDS,
    MANNER_FIELDS,
    ClosedDay,
    Keyword,
    OpeningTime,
    PhoneNumber,
    Pronunciation,
    Reply,
    Reprompt,
)
from chatbot.values import KINDS, Kind

# --- What is said and done ---------------------------------------------------------------------


SAID_FIELDS = ["text", "action", "parameter", "otherwise"]
HOW_IT_IS_SAID: tuple[str, Any] = (
    "How it is said",
    {"fields": MANNER_FIELDS, "classes": ["collapse"]},
)


class SaidRowInline(admin.StackedInline):  # type: ignore[type-arg]  # no generic at run time
    """Rows of a text and an action; on a phone each field has the whole width."""

    formset = SaidRowFormSet
    extra = 0
    classes = ["said-rows"]

    class Media:
        js = ["chatbot/folds.js"]


class ReplyInline(SaidRowInline):
    model = Reply
    form = ReplyForm
    fieldsets = [
        (None, {"fields": [*SAID_FIELDS, "ends_thread", "position"]}),
        HOW_IT_IS_SAID,
        ("What is expected next", {"fields": EXPECTATION_FIELDS, "classes": ["collapse"]}),
    ]

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 0 if obj else 1


class RepromptInline(SaidRowInline):
    """The rows of one kind: the formset says of which."""

    model = Reprompt
    form = RepromptForm
    formset: type[RepromptFormSet]
    fieldsets = [(None, {"fields": [*SAID_FIELDS, "position"]}), HOW_IT_IS_SAID]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Reprompt]:
        rows: QuerySet[Reprompt] = super().get_queryset(request)
        return rows.filter(kind=self.formset.kind)


class BotNoMatchInline(RepromptInline):
    formset = NoMatchFormSet
    section = "When the bot does not understand"
    verbose_name = "wording"
    verbose_name_plural = "After the fallback: the second time in a row, the third, …"


class BotNoInputInline(RepromptInline):
    formset = NoInputFormSet
    section = "When the caller says nothing"
    verbose_name = "wording"
    verbose_name_plural = "After the question: the second time in a row, the third, …"


class IntentNoMatchInline(RepromptInline):
    formset = NoMatchFormSet
    classes = ["said-rows", "collapse"]
    verbose_name = "wording"
    verbose_name_plural = "When the answer to it is not understood: in place of the fallback"


class IntentNoInputInline(RepromptInline):
    formset = NoInputFormSet
    classes = ["said-rows", "collapse"]
    verbose_name = "wording"
    verbose_name_plural = "When the caller says nothing after it: in place of the question"


# --- What is understood ------------------------------------------------------------------------


class KeywordInline(admin.TabularInline):  # type: ignore[type-arg]  # no generic at run time
    """The keywords of an intent, below a word about blanks and keys."""

    model = Keyword
    formset = KeywordFormSet
    template = "admin/chatbot/intent/keywords.html"
    extra = 2

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "text":
            kwargs["widget"] = TextInput(attrs={"class": "fluid"})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def kinds(self) -> list[Kind]:
        """Return the kinds of blanks, for the template."""
        return list(KINDS.values())


class PronunciationInline(admin.TabularInline):  # type: ignore[type-arg]  # no generic at run time
    model = Pronunciation
    formset = UniqueRowsFormSet
    extra = 1
    section = "Pronunciations"
    verbose_name_plural = "words"


# --- Where and when a bot answers --------------------------------------------------------------


class PhoneNumberInline(admin.TabularInline):  # type: ignore[type-arg]  # no generic at run time
    model = PhoneNumber
    formset = PhoneNumberFormSet
    extra = 1
    section = "Phone numbers"
    verbose_name_plural = "numbers that this bot answers"


class OpeningTimeInline(admin.TabularInline):  # type: ignore[type-arg]  # no generic at run time
    model = OpeningTime
    form = OpeningTimeForm
    formset = LabelledRowsFormSet
    extra = 1
    section = "Opening hours"


class ClosedDayInline(admin.TabularInline):  # type: ignore[type-arg]  # no generic at run time
    model = ClosedDay
    form = ClosedDayForm
    formset = UniqueRowsFormSet
    extra = 1
    section = "Opening hours"
