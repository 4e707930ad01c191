"""A bot and its parts, as an editor keeps them in the admin."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from chatbot import script
from chatbot.validators import validate_has_word, validate_single_word

MAX_SAID_LENGTH = 1000


class VersionField(models.PositiveIntegerField):  # type: ignore[type-arg]  # no generic at run time
    """A counter kept by the database: saving an object writes back what its row holds.

    Two editors who save at once would otherwise set it back to what each of them had read.
    """

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        return super().pre_save(model_instance, add) if add else F(self.attname)


class Bot(models.Model):
    """What callers hear; the intents of the bot answer what they say."""

    name = models.CharField(max_length=100, help_text="For you; callers never hear it.")
    language = models.CharField(
        max_length=35,
        default="en-US",
        validators=[
            RegexValidator(
                r"\A[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?\Z",
                "Write the language as its tag, such as en-US, de-DE or cmn-Hans-CN.",
            )
        ],
        help_text="The language that callers and bot speak, as a tag such as en-US or de-DE.",
    )
    voice = models.CharField(
        max_length=100,
        blank=True,
        help_text="The name of a voice that speaks the language, such as Polly.Joanna. "
        "Leave empty for the default voice of the line.",
    )
    greeting = models.TextField(
        max_length=MAX_SAID_LENGTH, help_text="The first thing that callers hear."
    )
    fallback = models.TextField(
        max_length=MAX_SAID_LENGTH,
        help_text="Said when no keyword was recognised in what the caller said.",
    )
    no_input = models.TextField(
        "question after silence",
        max_length=MAX_SAID_LENGTH,
        default="Are you still there?",
        help_text="Said when the caller says nothing.",
    )
    goodbye = models.TextField(
        max_length=MAX_SAID_LENGTH,
        default="Goodbye.",
        help_text="Said before hanging up, when the caller says nothing for a second time.",
    )
    apology = models.TextField(
        max_length=MAX_SAID_LENGTH,
        default="Sorry, I cannot hear you at the moment. Please call again later. Goodbye.",
        help_text="Said before hanging up, when a fault keeps the bot from hearing callers.",
    )
    silence_seconds = models.PositiveSmallIntegerField(
        "seconds of silence",
        default=8,
        validators=[MinValueValidator(3), MaxValueValidator(60)],
        help_text="How long the bot waits for the caller to speak: from 3 to 60 seconds.",
    )
    version = VersionField(default=1, editable=False)
    changed_at = models.DateTimeField("last change", auto_now=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            CheckConstraint(
                condition=Q(silence_seconds__gte=3, silence_seconds__lte=60),
                name="bot_silence_seconds_in_range",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Intent(models.Model):
    """Something a caller may mean: the keywords tell it, the replies answer it."""

    bot = models.ForeignKey(Bot, models.CASCADE, related_name="intents")
    name = models.CharField(max_length=100, help_text="What the caller wants, in a word or two.")
    position = models.PositiveIntegerField(
        default=0,
        help_text="Lower numbers come first. Where two intents have the same keyword, "
        "the first one answers.",
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
        validators=[validate_has_word],
        help_text="A word or phrase that callers say. Case, accents and punctuation do not matter.",
    )

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text


class Reply(models.Model):
    """What the bot says to the intent, and what it does after that."""

    class Action(models.TextChoices):
        NONE = script.Action.NONE.value, "Go on listening"
        HANGUP = script.Action.HANGUP.value, "Hang up after saying this"

    intent = models.ForeignKey(Intent, models.CASCADE, related_name="replies")
    text = models.TextField(
        max_length=MAX_SAID_LENGTH,
        blank=True,
        help_text="What the bot says. May be empty only where there is something to do.",
    )
    action = models.CharField(
        "then", max_length=20, choices=Action, default=Action.NONE, blank=True
    )
    position = models.PositiveIntegerField(
        default=0,
        help_text="Several replies are given in turn, lower numbers first.",
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

    def __str__(self) -> str:
        return self.text or self.get_action_display()


class Pronunciation(models.Model):
    """How a word sounds that the offline recognizer does not know."""

    bot = models.ForeignKey(Bot, models.CASCADE, related_name="pronunciations")
    word = models.CharField(
        max_length=100, validators=[validate_single_word], help_text="One word of a keyword."
    )
    phones = models.CharField(
        max_length=200,
        validators=[
            RegexValidator(
                r"\A[A-Z]{1,3}[0-9]?( [A-Z]{1,3}[0-9]?)*\Z",
                "Write the sounds in capital letters with one space between them, "
                "such as HH AH L OW.",
            )
        ],
        help_text="The sounds of the word, in the letters of the CMU dictionary: "
        "“hello” is HH AH L OW.",
    )

    class Meta:
        ordering = ["word", "id"]
        constraints = [
            UniqueConstraint(
                fields=["bot", "word", "phones"],
                name="pronunciation_unique_in_bot",
                violation_error_message="This word already has this pronunciation.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.word}: {self.phones}"
