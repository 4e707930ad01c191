"""The model of one thing said in a call."""

from django.db import models
from django.utils import timezone

from calls.models.call import Call
from chatbot import ssml


class Turn(models.Model):
    """One thing said in a call."""

    class Role(models.TextChoices):
        CALLER = "caller", "caller"
        BOT = "bot", "bot"

    class Delivery(models.TextChoices):
        """Whether what the bot says went out to the caller; blank for the caller's turns."""

        PENDING = "pending", "on its way"
        SPOKEN = "spoken", "spoken; what follows it is to be done"
        SENT = "sent", "sent"
        FAILED = "failed", "not sent"

    class Errand(models.TextChoices):
        """What an answer does beside speaking; done once, by whoever sends the answer."""

        DUE = "due", "to be done"
        BEGUN = "begun", "begun"
        DONE = "done", "done"
        FAILED = "failed", "failed"

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="turns")
    number = models.PositiveIntegerField(help_text="Position in the call, from 1.")
    role = models.CharField(max_length=8, choices=Role.choices)
    text = models.TextField(
        blank=True, help_text="Blank where the caller spoke and no word could be made out."
    )
    at = models.DateTimeField(default=timezone.now)
    confidence = models.FloatField(
        null=True, blank=True, help_text="The recognizer's, from 0 to 1; a caller's turn only."
    )
    intent = models.ForeignKey(
        "chatbot.Intent", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # As they were then: the transcript stays true when the editor renames or deletes them.
    intent_name = models.CharField("matched intent", max_length=200, blank=True)
    keyword = models.TextField("matched keyword", blank=True)
    match_kind = models.CharField(max_length=16, blank=True)
    match_score = models.FloatField(null=True, blank=True)
    # Why: the rule of the dialogue, whether the intent is a follow-up of the one before, the
    # values that were captured (name to chatbot.values.Value as JSON), what else the words were
    # like, and what went wrong on the way.
    rule = models.CharField(max_length=16, blank=True)
    is_follow_up = models.BooleanField(default=False)
    captured = models.JSONField(default=dict, blank=True)
    runners_up = models.JSONField(default=list, blank=True)
    note = models.TextField(blank=True)
    action = models.CharField(max_length=32, blank=True)
    parameter = models.TextField(blank=True)
    otherwise = models.TextField(blank=True)
    errand = models.CharField(
        max_length=8,
        choices=Errand.choices,
        blank=True,
        help_text="What else the answer does, such as sending a text message.",
    )
    delivery = models.CharField(max_length=8, choices=Delivery.choices, blank=True)
    answer_ms = models.PositiveIntegerField(
        "answered in ms",
        null=True,
        blank=True,
        help_text="From the final transcript to the reply being sent; a bot's turn only.",
    )

    # How it is said: chatbot.manner.Manner as JSON, for who says it again.
    manner = models.JSONField(default=dict, blank=True)
    audio_ms = models.PositiveIntegerField(
        "lasts ms",
        null=True,
        blank=True,
        help_text="How long the reply takes to be spoken; only where it was audio of our own.",
    )
    heard_ms = models.PositiveIntegerField(
        null=True, blank=True, help_text="How much of it the caller heard, where he cut it short."
    )
    is_early = models.BooleanField(
        default=False, help_text="Answered before the recognizer was certain of the words."
    )
    gained_ms = models.IntegerField(
        null=True, blank=True, help_text="How much sooner than by the final transcript."
    )
    early_text = models.TextField(
        blank=True, help_text="What an early answer took the words for, where they were others."
    )

    class Meta:
        ordering = ["call", "number"]
        indexes = [
            # How often bots answered early; most turns are not.
            models.Index(
                fields=["at"], condition=models.Q(is_early=True), name="turn_early_by_time"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["call", "number"], name="turn_number_unique_in_call"),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, turn {self.number}"

    @property
    def plain_text(self) -> str:
        """What was said, without the markup that says how."""
        return ssml.plain(self.text) if self.role == self.Role.BOT else self.text
