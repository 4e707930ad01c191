"""Rows that are there once in their bot."""

from django.core.exceptions import ValidationError
from django.forms.formsets import DELETION_FIELD_NAME

from chatbot.forms.labelled_rows import LabelledRowsFormSet


class UniqueRowsFormSet(LabelledRowsFormSet):
    """Rows with a constraint that names their bot.

    Django compares the rows of a form with each other, but not with those that somebody else
    has saved since the form was opened: its forms leave out constraints on their owner.
    """

    def clean(self) -> None:
        super().clean()
        if self.instance.pk is None:
            return
        for form in self.forms:
            if not form.has_changed() or not form.is_valid():
                continue
            if form.cleaned_data.get(DELETION_FIELD_NAME):
                continue
            try:
                form.instance.validate_constraints()
            except ValidationError as error:
                form.add_error(None, error)
