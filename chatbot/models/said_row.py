"""The models of what the bot says and does: replies, and where it understood nothing."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import CheckConstraint, Q

from chatbot import actions, expectations
from chatbot.actions import POST
from chatbot.models.bot import Bot
from chatbot.models.intent import Intent
from chatbot.models.texts import MAX_SAID_LENGTH, SPEEDS, check_markup
from chatbot.outside import check_url
from chatbot.validators import (
    validate_language,
)

MANNER_FIELDS = ("voice", "speed", "is_uninterruptible")
"""The fields of a row that say how its text is said: `chatbot.manner.Manner`."""

EXPECTATION_FIELDS = ("expects", "expected_phrases", "expects_language", "expects_model")
"""The fields of a reply that make its `chatbot.expectations.Expectation`."""


class SaidRow(models.Model):
    """What the bot says, and what it does after that."""

    text = models.TextField(
        max_length=MAX_SAID_LENGTH,
        blank=True,
        help_text="What the bot says, with captured values such as {order}. May be empty only "
        "where there is something to do.",
    )
    action = models.CharField(
        "then", max_length=20, choices=actions.choices, default=actions.NONE, blank=True
    )
    parameter = models.TextField(
        "with",
        max_length=1600,
        blank=True,
        help_text="What the action needs: a number, an address, a text or the name of an intent.",
    )
    otherwise = models.TextField(
        "said if that fails",
        max_length=MAX_SAID_LENGTH,
        blank=True,
        help_text="Said if nobody answers the transfer, or the address does not answer.",
    )
    is_uninterruptible = models.BooleanField(
        "may not be interrupted",
        default=False,
        help_text="For legal notices. What callers say into it is answered after it.",
    )
    voice = models.CharField(
        max_length=100, blank=True, help_text="Another voice than the bot's, for this alone."
    )
    speed = models.PositiveSmallIntegerField(
        "speed in percent",
        null=True,
        blank=True,
        validators=SPEEDS,
        help_text="Another speed than the bot's, for this alone.",
    )
    position = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.text or self.get_action_display()

    def clean(self) -> None:
        """Refuse markup and an action that cannot work, each fault beside its field."""
        super().clean()
        check_markup(self, ("text", "otherwise"))
        self.parameter = self.parameter.strip()
        action = actions.ACTIONS.get(self.action)
        if action is None:
            return  # the field itself says so
        if action.parameter is None:
            self.parameter = ""
        elif self.parameter:
            try:
                action.check(self.parameter)
                if action.name == POST:
                    check_url(self.parameter)
            except ValueError as error:
                raise ValidationError({"parameter": str(error)}) from None
        elif action.parameter.required:
            raise ValidationError(
                {"parameter": f"“{action.label}” needs the {action.parameter.label}."}
            )
        if action.parameter is None or not action.parameter.otherwise:
            self.otherwise = ""


class Reply(SaidRow):
    """What the bot says to the intent, and what it does after that."""

    intent = models.ForeignKey(Intent, models.CASCADE, related_name="replies")
    ends_thread = models.BooleanField(
        "ends the thread",
        default=False,
        help_text="After this reply the follow-ups of the intent are not considered.",
    )
    expects = models.CharField(
        "expected next",
        max_length=16,
        blank=True,
        choices=expectations.choices,
        help_text="What callers are likely to answer, beside the keywords of the intents that "
        "follow. The recognizer listens for it; a keyword such as {answer:yesno} takes it.",
    )
    expected_phrases = models.TextField(
        "phrases expected next",
        max_length=2000,
        blank=True,
        help_text="Further words that callers are likely to say, one phrase a line, such as the "
        "names of streets or products.",
    )
    expects_language = models.CharField(
        "in another language",
        max_length=35,
        blank=True,
        validators=[validate_language],
        help_text="Listen for this language instead of the bot's until the next reply: a tag such "
        "as de-DE.",
    )
    expects_model = models.CharField(
        "by another model",
        max_length=50,
        blank=True,
        help_text="Listen with this model of the recognizer until the next reply, such as "
        "telephony_short for a word or two.",
    )

    class Meta:
        ordering = ["position", "id"]
        verbose_name_plural = "replies"
        constraints = [
            CheckConstraint(
                condition=~Q(text="") | ~Q(action=""),
                name="reply_says_or_does_something",
                violation_error_message="Write what the bot says, or choose what it does.",
            ),
        ]


class Reprompt(SaidRow):
    """What the bot says where it understood or heard nothing: first, second, and so on.

    The rows of an intent hold right after that intent, in place of the bot's fallback or its
    question after silence. The rows of the bot come after these.
    """

    class Kind(models.TextChoices):
        NO_MATCH = "no-match", "not understood"
        NO_INPUT = "no-input", "said nothing"

    bot = models.ForeignKey(Bot, models.CASCADE, related_name="reprompts", null=True, blank=True)
    intent = models.ForeignKey(
        Intent, models.CASCADE, related_name="reprompts", null=True, blank=True
    )
    kind = models.CharField("when the caller", max_length=8, choices=Kind)

    class Meta:
        ordering = ["kind", "position", "id"]
        constraints = [
            CheckConstraint(
                condition=Q(bot__isnull=True) ^ Q(intent__isnull=True),
                name="reprompt_of_bot_or_intent",
                violation_error_message="It belongs to a bot or to an intent, not to both.",
            ),
            CheckConstraint(
                condition=~Q(text="") | ~Q(action=""),
                name="reprompt_says_or_does_something",
                violation_error_message="Write what the bot says, or choose what it does.",
            ),
        ]

    def clean(self) -> None:
        super().clean()
        action = actions.ACTIONS.get(self.action)
        if action is not None and not action.may_recover:
            raise ValidationError(
                {"action": f"“{action.label}” cannot be done where nothing was understood."}
            )
