"""The models of a conversation as the editor expects it."""

from django.db import models
from django.db.models import UniqueConstraint

from chatbot import actions
from chatbot.models.bot import Bot
from chatbot.models.texts import MAX_SAID_LENGTH


class Rehearsal(models.Model):
    """A conversation as the editor expects it to go, tried whenever the bot has changed."""

    bot = models.ForeignKey(Bot, models.CASCADE, related_name="rehearsals")
    name = models.CharField(max_length=100)
    ran_at = models.DateTimeField("last run", null=True, blank=True, editable=False)
    ran_version = models.PositiveIntegerField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            UniqueConstraint(
                fields=["bot", "name"],
                name="rehearsal_name_unique_in_bot",
                violation_error_message="This bot already has a rehearsal with this name.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RehearsalLine(models.Model):
    """One turn of a rehearsal: what the caller says, and what is expected to come of it."""

    rehearsal = models.ForeignKey(Rehearsal, models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField(default=0)
    says = models.CharField(
        "the caller says",
        max_length=500,
        blank=True,
        help_text="What the caller says or keys in. Empty: the caller says nothing.",
    )
    intent_name = models.CharField(
        "intent",
        max_length=100,
        blank=True,
        help_text="The intent that is to answer. Empty: none, the bot does not understand it.",
    )
    reply = models.TextField(
        "the bot says",
        max_length=MAX_SAID_LENGTH,
        blank=True,
        help_text="Words that the answer is to contain. Empty: any.",
    )
    action = models.CharField(
        "then", max_length=20, choices=actions.choices, default=actions.NONE, blank=True
    )
    problem = models.TextField(
        blank=True, editable=False, help_text="What went otherwise at the last run."
    )
    broken_by = models.ForeignKey(
        "reversion.Revision",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        help_text="The change after which the line went otherwise.",
    )

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.says or "(says nothing)"
