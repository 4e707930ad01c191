"""The parts of a long form: each a heading with its fields and the rows that belong there."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.helpers import AdminForm, InlineAdminFormSet
from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True, slots=True)
class Section:
    """A fieldset of an admin form together with the inlines whose `section` names it."""

    name: str
    fieldset: Any
    """Django's `Fieldset`."""
    formsets: list[InlineAdminFormSet]
    is_collapsed: bool
    """Whether only its heading is shown at first; never where there is something to mend."""
    is_rare: bool

    @property
    def has_fields(self) -> bool:
        return bool(self.fieldset.fields)


def sections(form: AdminForm, formsets: Iterable[InlineAdminFormSet]) -> Iterator[Section]:
    """Part a form by its fieldsets; those of the class “collapse” are the rare ones.

    Raises ImproperlyConfigured where an inline names no fieldset: its rows would be lost.
    """
    formsets = list(formsets)
    names = {str(name or "") for name, _ in form.fieldsets}
    for formset in formsets:
        if getattr(formset.opts, "section", None) not in names:
            raise ImproperlyConfigured(f"The `section` of {formset.opts} is no fieldset.")
    fieldset: Any  # the stubs know no attribute of it
    for fieldset in form:
        name, fieldset.name = str(fieldset.name or ""), None  # the section has the heading
        rows: list[Any] = [
            formset for formset in formsets if getattr(formset.opts, "section", None) == name
        ]
        has_errors = any(field in form.errors for field in fieldset.fields) or any(
            formset.formset.is_bound and formset.formset.total_error_count() for formset in rows
        )
        is_rare = "collapse" in fieldset.classes
        fieldset.classes = ""
        yield Section(name, fieldset, rows, is_rare and not has_errors, is_rare)
