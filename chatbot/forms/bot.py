"""The form of a bot."""

from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.forms import ModelForm

from chatbot.actions import TRANSFER
from chatbot.forms.widgets import SuggestingInput
from chatbot.models import Bot, Intent, Reply, Reprompt

MAX_NAMED = 3
"""How many intents a sentence names before it says how many more there are."""


@cache
def time_zones() -> tuple[str, ...]:
    """Return the names of all time zones; read from the disk once."""
    return tuple(sorted(available_timezones()))


class BotForm(ModelForm):  # type: ignore[type-arg]  # no generic at run time
    """A bot without its rows."""

    class Meta:
        model = Bot
        fields = ["time_zone", "transfer_number"]  # the admin adds the others
        widgets = {"time_zone": SuggestingInput(time_zones, {"autocomplete": "off"})}

    def clean_transfer_number(self) -> str:
        """Keep the number while replies count on it."""
        number: str = self.cleaned_data["transfer_number"]
        if not number and self.instance.pk:
            names = intents_that_need_a_number(self.instance)
            if names:
                raise ValidationError(
                    f"{named(names)} transfer callers to this number. "
                    "Write the number in their replies first, or leave it here."
                )
        return number


def intents_that_need_a_number(bot: Bot) -> list[str]:
    """Return the intents that transfer callers without naming a number themselves."""
    rows: list[Any] = [
        model.objects.filter(intent__bot=bot, action=TRANSFER, parameter="").values("intent")
        for model in (Reply, Reprompt)
    ]
    intents = Intent.objects.filter(pk__in=rows[0]) | Intent.objects.filter(pk__in=rows[1])
    return list(intents.distinct().values_list("name", flat=True))


def named(names: list[str]) -> str:
    """Return names as the begin of a sentence: “a”, “b”, “c” and 4 more."""
    quoted = [f"“{name}”" for name in names[:MAX_NAMED]]
    more = len(names) - MAX_NAMED
    if more > 0:
        return f"{', '.join(quoted)} and {more} more"
    return " and ".join(filter(None, [", ".join(quoted[:-1]), quoted[-1]]))
