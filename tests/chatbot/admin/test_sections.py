"""The parts of a long form."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.admin.helpers import AdminForm
from django.core.exceptions import ImproperlyConfigured
from django.forms import CharField, Form

from chatbot.admin.sections import Section, sections


class ShortForm(Form):
    """A form of two parts."""

    name = CharField()
    goodbye = CharField(max_length=3)


def parts(form: Form, *rows: Any) -> list[Section]:
    """Part the form, of which the second part is rare."""
    fieldsets = [
        (None, {"fields": ["name"]}),
        ("Endings", {"fields": ["goodbye"], "classes": ["collapse"]}),
    ]
    return list(sections(AdminForm(form, fieldsets, {}), rows))


def rows_of(section: str, errors: int = 0) -> Any:
    """Return rows that belong to a part, as far as parting asks about them."""
    formset = SimpleNamespace(is_bound=True, total_error_count=lambda: errors)
    return SimpleNamespace(opts=SimpleNamespace(section=section), formset=formset)


def test_section_has_the_rows_that_name_it() -> None:
    """Rows stand below the fields of their part."""
    rows = rows_of("Endings")
    first, second = parts(ShortForm(), rows)
    assert (first.name, first.formsets) == ("", [])
    assert (second.name, second.formsets) == ("Endings", [rows])


def test_section_that_is_rare_is_collapsed() -> None:
    """Only what is needed every day is shown at first."""
    assert [part.is_collapsed for part in parts(ShortForm())] == [False, True]


def test_section_with_a_fault_in_a_field_is_not_collapsed() -> None:
    """The editor sees what to mend."""
    form = ShortForm({"name": "a", "goodbye": "too long"})
    assert [part.is_collapsed for part in parts(form)] == [False, False]


def test_section_with_a_fault_in_a_row_is_not_collapsed() -> None:
    """In a row too."""
    assert not parts(ShortForm(), rows_of("Endings", errors=1))[1].is_collapsed


def test_rows_of_no_section_are_refused() -> None:
    """They would be missing from the page, and lost when it is saved."""
    with pytest.raises(ImproperlyConfigured):
        parts(ShortForm(), rows_of("Beginnings"))
