"""What the bot says and does, row by row: replies, and what is said where it understood nothing."""

from difflib import get_close_matches
from functools import cached_property
from typing import Any, ClassVar

from django.forms import ModelForm
from django.forms.formsets import DELETION_FIELD_NAME
from django.forms.models import BaseInlineFormSet

from chatbot import actions
from chatbot.actions.goto import GoToAction
from chatbot.forms.widgets import ActionSelect, said_textarea
from chatbot.models import (
    EXPECTATION_FIELDS,
    MANNER_FIELDS,
    Bot,
    Intent,
    Reply,
    Reprompt,
    SaidRow,
)

_FIELDS = ["text", "action", "parameter", "otherwise", *MANNER_FIELDS, "position"]
_WIDGETS = {
    "text": said_textarea(),
    "action": ActionSelect(),
    "parameter": said_textarea(),
    "otherwise": said_textarea(),
}


class ReplyForm(ModelForm):  # type: ignore[type-arg]  # no generic at run time
    """A reply of an intent."""

    class Meta:
        model = Reply
        fields = [*_FIELDS, "ends_thread", *EXPECTATION_FIELDS]
        widgets = {**_WIDGETS, "expected_phrases": said_textarea()}


class RepromptForm(ModelForm):  # type: ignore[type-arg]  # no generic at run time
    """What is said where nothing was understood or heard; not every action can be done there."""

    class Meta:
        model = Reprompt
        fields = _FIELDS
        widgets = _WIDGETS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        action: Any = self.fields["action"]
        action.choices = [
            (name, label) for name, label in actions.choices() if actions.ACTIONS[name].may_recover
        ]


class SaidRowFormSet(BaseInlineFormSet):  # type: ignore[type-arg]  # no generic at run time
    """The rows of one intent or bot, whose actions must find in the bot what they need."""

    def clean(self) -> None:
        super().clean()
        bot = self._bot
        if bot is None:  # the form above says so
            return
        for form in self.forms:
            if not form.is_valid() or form.cleaned_data.get(DELETION_FIELD_NAME):
                continue
            problem = self._problem(form, bot)
            if problem:
                form.add_error("parameter", problem)

    def _problem(self, form: Any, bot: Bot) -> str:
        action = form.cleaned_data.get("action", "")
        parameter = str(form.cleaned_data.get("parameter", "")).strip()
        if action == actions.TRANSFER and not parameter and not bot.transfer_number:
            return (
                "Neither this row nor the bot has a number to transfer to. Write one here, "
                "or give the bot a transfer number."
            )
        if action == GoToAction.name and parameter and parameter not in self._intent_names:
            return f"This bot has no intent “{parameter}”. {self._advice(parameter)}"
        return ""

    def _advice(self, name: str) -> str:
        folded = {known.casefold(): known for known in self._intent_names}
        close = get_close_matches(name.casefold(), folded, n=1)
        if close:
            return f"Do you mean “{folded[close[0]]}”?"
        return "Write the name of one of its intents."

    @cached_property
    def _bot(self) -> Bot | None:
        owner = self.instance
        if isinstance(owner, Bot):
            return owner
        return owner.bot if owner.bot_id is not None else None

    @cached_property
    def _intent_names(self) -> set[str]:
        """The intents of the bot as they will be named once the page is saved."""
        others = Intent.objects.filter(bot=self._bot).exclude(pk=self.instance.pk)
        return {self.instance.name, *others.values_list("name", flat=True)}

    def add_fields(self, form: Any, index: int | None) -> None:
        """Put new rows behind those that are there."""
        super().add_fields(form, index)
        if index is None or index >= self.initial_form_count():
            form.initial.setdefault("position", self._next_position)

    @cached_property
    def _next_position(self) -> int:
        rows: list[SaidRow] = list(self.get_queryset())
        return max((row.position + 1 for row in rows), default=0)


class RepromptFormSet(SaidRowFormSet):
    """The rows of one kind, first, second, and so on."""

    kind: ClassVar[Reprompt.Kind]

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        form: Any = super()._construct_form(i, **kwargs)  # type: ignore[misc]  # not in the stubs
        form.instance.kind = self.kind
        return form


class NoMatchFormSet(RepromptFormSet):
    kind = Reprompt.Kind.NO_MATCH

    @classmethod
    def get_default_prefix(cls) -> str:
        return "no_match"


class NoInputFormSet(RepromptFormSet):
    kind = Reprompt.Kind.NO_INPUT

    @classmethod
    def get_default_prefix(cls) -> str:
        return "no_input"
