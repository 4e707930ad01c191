"""The form of a rehearsal: what the caller says, line by line, and what is expected of the bot."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db import transaction
from django.db.models import QuerySet
from django.forms.formsets import DELETION_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from chatbot import actions
from chatbot.admin.rehearsals_page import RehearsalsPage
from chatbot.forms import LabelledRowsFormSet
from chatbot.models import Bot, Intent, Rehearsal, RehearsalLine
from chatbot.rehearsals import is_red, rehearsals_run_all
from chatbot.rehearsing import OUTCOMES

INTENT_NAMES = "intent-names"
"""The id of the list, in the page, from which the names of intents are chosen."""

_LAST = 2_000_000_000


class RehearsalLineForm(forms.ModelForm):  # type: ignore[type-arg]  # no generic at run time
    """One line; without a number it comes last."""

    position = forms.IntegerField(
        label="no.",
        required=False,
        min_value=0,
        max_value=_LAST,
        widget=forms.NumberInput(attrs={"class": "line-position"}),
        help_text="Lines are played in this order. Empty: at the end.",
    )

    class Meta:
        model = RehearsalLine
        fields = ["position", "says", "intent_name", "reply", "action"]
        widgets = {
            "says": forms.TextInput(attrs={"class": "fluid"}),
            "intent_name": forms.TextInput(
                attrs={"class": "fluid", "list": INTENT_NAMES, "autocomplete": "off"}
            ),
            "reply": forms.Textarea(attrs={"class": "fluid", "rows": 1}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = {*OUTCOMES, self.instance.action}
        self.fields["action"] = forms.ChoiceField(
            label="then",
            required=False,
            choices=[choice for choice in actions.choices() if choice[0] in allowed],
        )

    def clean_position(self) -> int:
        position = self.cleaned_data["position"]
        return _LAST if position is None else int(position)


class RehearsalLineFormSet(LabelledRowsFormSet):
    """The lines of one rehearsal; the intents they expect are of its bot."""

    def clean(self) -> None:
        super().clean()
        names = {
            name.casefold(): name
            for name in Intent.objects.filter(bot=self.instance.bot_id).values_list(
                "name", flat=True
            )
        }
        for form in self.forms:
            if not form.is_valid() or form.cleaned_data.get(DELETION_FIELD_NAME):
                continue
            name = form.cleaned_data.get("intent_name", "")
            if name and name.casefold() not in names:
                form.add_error(
                    "intent_name", f"This bot has no intent “{name}”. Choose one from the list."
                )
            elif name:
                form.instance.intent_name = names[name.casefold()]


class RehearsalLineInline(admin.TabularInline):  # type: ignore[type-arg]  # no generic at run time
    model = RehearsalLine
    form = RehearsalLineForm
    formset = RehearsalLineFormSet
    verbose_name = "line"
    verbose_name_plural = "lines"

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 1 if obj else 4


@admin.register(Rehearsal)
class RehearsalAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # no generic at run time
    """A rehearsal; it is run as soon as it is saved, and its bot's rehearsals are shown."""

    list_display = ["name", "bot", "state", "ran_at"]
    list_filter = ["bot"]
    list_select_related = ["bot"]
    search_fields = ["name", "lines__says"]
    fields = ["bot", "name"]
    inlines = [RehearsalLineInline]
    change_form_template = "admin/chatbot/rehearsal/change_form.html"

    class Media:
        css = {"all": ["chatbot/editor.css", "chatbot/rehearsal.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Rehearsal]:
        rehearsals: QuerySet[Rehearsal] = super().get_queryset(request)
        return rehearsals.annotate(is_red=is_red())

    @admin.display(description="state")
    def state(self, rehearsal: Any) -> str:
        if rehearsal.is_red:
            return "red"
        return "green" if rehearsal.ran_version == rehearsal.bot.version else "not run yet"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["bot"] if obj else []

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        rehearsal = context.get("original")
        bot_id = str(rehearsal.bot_id if rehearsal else request.GET.get("bot", ""))
        intents = (
            Intent.objects.filter(bot=int(bot_id)) if _is_id(bot_id) else Intent.objects.none()
        )
        context["intent_names"] = intents.values_list("name", flat=True)
        context["intent_names_id"] = INTENT_NAMES
        return super().render_change_form(request, context, *args, **kwargs)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        rehearsal: Rehearsal = form.instance
        lines = list(rehearsal.lines.all())
        for position, line in enumerate(lines, start=1):
            line.position = position
        RehearsalLine.objects.bulk_update(lines, ["position"])
        run = partial(rehearsals_run_all, rehearsal.bot, only=rehearsal.pk)
        transaction.on_commit(run)

    def response_post_save_add(self, request: HttpRequest, obj: Rehearsal) -> HttpResponseRedirect:
        return self._back(request, obj.bot) or super().response_post_save_add(request, obj)

    def response_post_save_change(
        self, request: HttpRequest, obj: Rehearsal
    ) -> HttpResponseRedirect:
        return self._back(request, obj.bot) or super().response_post_save_change(request, obj)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        rehearsal = self.get_object(request, unquote(object_id))
        response = super().delete_view(request, object_id, extra_context)
        if rehearsal is None or not isinstance(response, HttpResponseRedirect):
            return response
        return self._back(request, rehearsal.bot) or response

    def _back(self, request: HttpRequest, bot: Bot) -> HttpResponseRedirect | None:
        """Lead to the rehearsals of the bot, unless the editor may not see bots."""
        if not self.admin_site.get_model_admin(Bot).has_view_permission(request):
            return None
        return HttpResponseRedirect(RehearsalsPage.url(bot))


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19
