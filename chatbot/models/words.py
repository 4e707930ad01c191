"""The models of words that are hard to hear, and of those that need no answer."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import UniqueConstraint
from django.utils import timezone

from chatbot.models.bot import Bot
from chatbot.validators import (
    validate_single_word,
)


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


class IgnoredPhrase(models.Model):
    """Something that callers said, and that the bot need not understand."""

    bot = models.ForeignKey(Bot, models.CASCADE, related_name="ignored_phrases")
    text = models.CharField(max_length=500, help_text="Its normalised words.")
    ignored_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-ignored_at", "-id"]
        constraints = [
            UniqueConstraint(fields=["bot", "text"], name="ignored_phrase_unique_in_bot"),
        ]

    def __str__(self) -> str:
        return self.text
