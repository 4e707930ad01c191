"""The telephone numbers of a bot, which must differ from each other."""

from django.forms.formsets import DELETION_FIELD_NAME

from chatbot.forms.labelled_rows import LabelledRowsFormSet


class PhoneNumberFormSet(LabelledRowsFormSet):
    """The numbers of one bot: each once, however it is written."""

    def clean(self) -> None:
        super().clean()
        seen: set[str] = set()
        for form in self.forms:
            if not form.is_valid() or not form.cleaned_data.get("number"):
                continue
            if form.cleaned_data.get(DELETION_FIELD_NAME):
                continue
            number = form.instance.number  # in the form in which it is kept
            if number in seen:
                form.add_error("number", f"{number} is in the list already.")
            seen.add(number)
