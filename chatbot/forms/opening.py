"""When a bot answers: fields that the browser fills in by its own clock and calendar."""

from django.forms import DateInput, ModelForm, TimeInput

from chatbot.models import ClosedDay, OpeningTime


class OpeningTimeForm(ModelForm):  # type: ignore[type-arg]  # no generic at run time
    """A stretch of a week day."""

    class Meta:
        model = OpeningTime
        fields = ["weekday", "opens", "closes"]
        widgets = {
            "opens": TimeInput(format="%H:%M", attrs={"type": "time"}),
            "closes": TimeInput(format="%H:%M", attrs={"type": "time"}),
        }


class ClosedDayForm(ModelForm):  # type: ignore[type-arg]  # no generic at run time
    """A day on which nobody is there."""

    class Meta:
        model = ClosedDay
        fields = ["day", "name"]
        widgets = {"day": DateInput(format="%Y-%m-%d", attrs={"type": "date"})}
