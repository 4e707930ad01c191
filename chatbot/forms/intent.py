"""The form of an intent, which keeps to the intents of its own bot."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import ModelForm, ModelMultipleChoiceField

from chatbot.actions.goto import GoToAction
from chatbot.forms.bot import named
from chatbot.forms.widgets import FilteredCheckboxes
from chatbot.models import Bot, Intent, Reply


class IntentForm(ModelForm):  # type: ignore[type-arg]  # no generic at run time
    """An intent without its rows. The intents of its bot, but itself, can be followed."""

    follows = ModelMultipleChoiceField(
        Intent.objects.none(),
        required=False,
        widget=FilteredCheckboxes("Follows"),
        help_text="Tick the intents right after which this one is considered, before the "
        "others. Without a tick it is considered at any time.",
        error_messages={
            "invalid_choice": "An intent can only follow intents of its own bot. "
            "The list now shows those of the bot chosen above: tick them there."
        },
    )

    class Meta:
        model = Intent
        fields = ["name", "bot", "position", "follows", "reply_order"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        follows: Any = self.fields["follows"]
        bot_id = self._bot_id()
        if bot_id is not None:
            follows.queryset = Intent.objects.filter(bot_id=bot_id).exclude(pk=self.instance.pk)
        else:
            follows.help_text = "Begin at the page of a bot to choose from its intents here."

    def _bot_id(self) -> int | None:
        """Return the bot that the form has, be it sent, saved, or proposed by a link."""
        sent = self.data.get(self.add_prefix("bot")) if self.is_bound else None
        value = sent or self.instance.bot_id or self.initial.get("bot")
        return int(value) if value is not None and str(value).isdecimal() else None

    def clean_bot(self) -> Bot:
        """Refuse to move an intent away from those that count on it."""
        bot: Bot = self.cleaned_data["bot"]
        before = self.instance
        if before.pk and before.bot_id != bot.pk:
            followers = list(before.followed_by.values_list("name", flat=True))
            if followers:
                raise ValidationError(
                    f"It cannot be moved to another bot: it is followed by {named(followers)}. "
                    "Untick it there first."
                )
            senders = intents_that_go_to(before)
            if senders:
                raise ValidationError(
                    f"It cannot be moved to another bot: replies of {named(senders)} go to it. "
                    "Change those replies first."
                )
        return bot


def intents_that_go_to(intent: Intent) -> list[str]:
    """Return the other intents of the bot that have a reply which goes on with this one."""
    replies = Reply.objects.filter(
        intent__bot_id=intent.bot_id, action=GoToAction.name, parameter=intent.name
    ).exclude(intent=intent)
    return list(replies.order_by("intent__name").values_list("intent__name", flat=True).distinct())


def only_followers(intents: Iterable[Intent]) -> list[str]:
    """Return the other intents that follow some of these and nothing else."""
    followed = [intent.pk for intent in intents]
    others = Intent.follows.through.objects.exclude(to_intent__in=followed)
    followers = Intent.objects.filter(follows__in=followed).exclude(pk__in=followed)
    alone = followers.exclude(pk__in=others.values("from_intent"))
    return list(alone.order_by("name").values_list("name", flat=True).distinct())
