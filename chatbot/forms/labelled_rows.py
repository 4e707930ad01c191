"""Rows that stand in a table, where only the head of a column says what its fields are."""

from typing import Any

from django.forms.models import BaseInlineFormSet
from django.utils.text import capfirst


class LabelledRowsFormSet(BaseInlineFormSet):  # type: ignore[type-arg]  # no generic at run time
    """Fields that tell their names to whoever does not see the heads of the columns."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        for name, field in form.fields.items():
            if not field.widget.is_hidden:
                field.widget.attrs.setdefault("aria-label", capfirst(field.label or name))
