"""Rows in a table whose fields tell their names."""

from django.forms import inlineformset_factory
from django.test import TestCase

from chatbot.forms import LabelledRowsFormSet
from chatbot.models import Bot, OpeningTime
from tests.chatbot.bots import create_bot


class LabelledRowTests(TestCase):
    """A formset of opening times."""

    def test_fields_have_names_of_their_own(self) -> None:
        """Also in the row that a script copies, and the box that deletes a row."""
        rows = inlineformset_factory(
            Bot, OpeningTime, formset=LabelledRowsFormSet, fields=["weekday", "opens"], extra=1
        )
        formset = rows(instance=create_bot())
        for form in (formset.forms[0], formset.empty_form):
            names = [form[field].as_widget() for field in ("weekday", "opens", "DELETE")]
            for widget, name in zip(names, ("Day", "Opens", "Delete"), strict=True):
                assert f'aria-label="{name}"' in widget

    def test_hidden_fields_have_none(self) -> None:
        """Nobody comes across them."""
        rows = inlineformset_factory(
            Bot, OpeningTime, formset=LabelledRowsFormSet, fields=["weekday"], extra=1
        )
        form = rows(instance=create_bot()).forms[0]
        assert "aria-label" not in form["id"].as_widget()
