"""The models of what callers may mean, and of the words that tell it."""

from django.db import models
from django.db.models import UniqueConstraint

from chatbot import script
from chatbot.models.bot import Bot
from chatbot.validators import (
    validate_keyword,
)


class Intent(models.Model):
    """Something a caller may mean: the keywords tell it, the replies answer it."""

    class ReplyOrder(models.TextChoices):
        """In which order several replies are given; never the same twice in a row."""

        IN_TURN = script.ReplyOrder.IN_TURN.value, "in turn"
        RANDOM = script.ReplyOrder.RANDOM.value, "at random"

    bot = models.ForeignKey(Bot, models.CASCADE, related_name="intents")
    name = models.CharField(max_length=100, help_text="What the caller wants, in a word or two.")
    position = models.PositiveIntegerField(
        default=0,
        help_text="Lower numbers come first. Where two intents have the same keyword, "
        "the first one answers.",
    )
    follows = models.ManyToManyField(
        "self",
        symmetrical=False,
        blank=True,
        related_name="followed_by",
        help_text="Considered only right after one of these intents was answered, and there "
        "before the others. Empty: at any time.",
    )
    reply_order = models.CharField(
        "several replies are given",
        max_length=8,
        choices=ReplyOrder,
        default=ReplyOrder.IN_TURN,
    )

    class Meta:
        ordering = ["bot_id", "position", "id"]
        constraints = [
            UniqueConstraint(
                fields=["bot", "name"],
                name="intent_name_unique_in_bot",
                violation_error_message="This bot already has an intent with this name.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def keyword_summary(self) -> str:
        """The keywords in one line. Costs a query unless they are prefetched."""
        return ", ".join(keyword.text for keyword in self.keywords.all())

    def reply_summary(self) -> str:
        """The first reply and how many more there are. Costs a query unless they are prefetched."""
        replies = list(self.replies.all())
        if not replies:
            return ""
        first, more = replies[0], len(replies) - 1
        text = first.text or "(says nothing)"
        action = f" ({first.get_action_display()})" if first.action else ""
        return text + action + (f" (+{more} more)" if more else "")


class Keyword(models.Model):
    """A word or phrase that tells that the caller means the intent."""

    intent = models.ForeignKey(Intent, models.CASCADE, related_name="keywords")
    text = models.CharField(
        max_length=200,
        validators=[validate_keyword],
        help_text="A word or phrase that callers say. Case, accents and punctuation do not matter. "
        "Keys such as 1 or * count where nothing else is keyed in or said. A blank keeps what is "
        "said there: “my order is {order:digits}”.",
    )

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text
