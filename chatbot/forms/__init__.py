"""The forms on which an editor writes a bot: one file for each kind of row."""

from chatbot.forms.bot import BotForm
from chatbot.forms.intent import IntentForm
from chatbot.forms.keywords import KeywordFormSet
from chatbot.forms.labelled_rows import LabelledRowsFormSet
from chatbot.forms.opening import ClosedDayForm, OpeningTimeForm
from chatbot.forms.phone_numbers import PhoneNumberFormSet
from chatbot.forms.said_rows import (
    NoInputFormSet,
    NoMatchFormSet,
    ReplyForm,
    RepromptForm,
    RepromptFormSet,
    SaidRowFormSet,
)
from chatbot.forms.unique_rows import UniqueRowsFormSet

__all__ = [
    "BotForm",
    "ClosedDayForm",
    "IntentForm",
    "KeywordFormSet",
    "LabelledRowsFormSet",
    "NoInputFormSet",
    "NoMatchFormSet",
    "OpeningTimeForm",
    "PhoneNumberFormSet",
    "ReplyForm",
    "RepromptForm",
    "RepromptFormSet",
    "SaidRowFormSet",
    "UniqueRowsFormSet",
]
