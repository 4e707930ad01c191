"""The keywords of an intent, which must differ from each other."""

from django.forms.formsets import DELETION_FIELD_NAME

from chatbot.forms.labelled_rows import LabelledRowsFormSet
from chatbot.normalise import normalise


class KeywordFormSet(LabelledRowsFormSet):
    """The keywords of one intent: no two of them may be the same to the bot."""

    def clean(self) -> None:
        super().clean()
        first_of: dict[tuple[str, ...], str] = {}
        for form in self.forms:
            text = form.cleaned_data.get("text") if form.is_valid() else None
            if not text or form.cleaned_data.get(DELETION_FIELD_NAME):
                continue
            first = first_of.setdefault(normalise(text), text)
            if first is not text:
                form.add_error("text", f"This is the same keyword as “{first}”.")
