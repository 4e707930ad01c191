"""The model of a bot."""

import secrets
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from chatbot.models.texts import MAX_SAID_LENGTH, SPEEDS, check_markup
from chatbot.validators import (
    validate_backend_url,
    validate_destination,
    validate_language,
    validate_time_zone,
)

BOT_TEXTS = (
    "greeting",
    "fallback",
    "no_input",
    "goodbye",
    "apology",
    "limit_message",
    "transfer_message",
    "transfer_failed",
    "closed_message",
)
"""The fields of a bot that callers hear."""


def recognizers() -> list[tuple[str, str]]:
    """Return the engines that can hear callers, as choices."""
    return list(settings.CHATBOT_RECOGNIZERS.items())


def new_secret() -> str:
    """Return a secret that signs what is posted to others."""
    return secrets.token_urlsafe(32)


class VersionField(models.PositiveIntegerField):  # type: ignore[type-arg]  # no generic at run time
    """A counter kept by the database: saving an object writes back what its row holds.

    Two editors who save at once would otherwise set it back to what each of them had read.
    """

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        return super().pre_save(model_instance, add) if add else F(self.attname)


class Bot(models.Model):
    """What callers hear; the intents of the bot answer what they say."""

    class Backend(models.TextChoices):
        """Where answers come from: the bot's own intents, or a key of `chatbot.backends`."""

        SCRIPT = "script", "the intents of this bot"
        HTTP = "http", "a chatbot elsewhere, by HTTP"
        RASA = "rasa", "a Rasa server, by its REST channel"

    class Line(models.TextChoices):
        """How callers hear the bot."""

        SAY = "say", "the voices of the telephone service"
        STREAM = "stream", "audio of our own; callers can interrupt it"

    name = models.CharField(max_length=100, help_text="For you; callers never hear it.")
    language = models.CharField(
        max_length=35,
        default="en-US",
        validators=[validate_language],
        help_text="The language that callers and bot speak, as a tag such as en-US or de-DE.",
    )
    voice = models.CharField(
        max_length=100,
        blank=True,
        help_text="The name of a voice that speaks the language, such as Polly.Joanna. "
        "Leave empty for the default voice of the line.",
    )
    line = models.CharField(
        "callers hear",
        max_length=8,
        choices=Line,
        default=Line.SAY,
        help_text="Who speaks. Audio of our own starts sooner, stops when the caller speaks, and "
        "lets callers press keys; it needs a voice engine on the server.",
    )
    speed = models.PositiveSmallIntegerField(
        "speed in percent",
        default=100,
        validators=SPEEDS,
        help_text="How fast the bot speaks: from 50 to 200, where 100 is the voice's own speed.",
    )
    interrupt_words = models.PositiveSmallIntegerField(
        "words that interrupt",
        default=1,
        validators=[MaxValueValidator(10)],
        help_text="How many words of a caller stop the bot while it speaks; “mhm” and the like "
        "never do. 0: any sound of a voice. Only where callers hear audio of our own.",
    )
    patience_ms = models.PositiveSmallIntegerField(
        "patience in milliseconds",
        default=400,
        validators=[MaxValueValidator(3000)],
        help_text="How long the bot waits for more words where it has understood none, or only "
        "the begin of a keyword. What it understands well it answers at once.",
    )
    answers_early = models.BooleanField(
        "early answers",
        default=False,
        help_text="Answer as soon as the words so far are a whole keyword that no longer one "
        "begins with, before the end of the sentence is certain.",
    )
    second_recognizer = models.CharField(
        "second recognizer",
        max_length=100,
        blank=True,
        choices=recognizers,
        help_text="Hears callers where the first recognizer fails.",
    )
    greeting = models.TextField(
        max_length=MAX_SAID_LENGTH, help_text="The first thing that callers hear."
    )
    greeting_uninterruptible = models.BooleanField(
        "the greeting may not be interrupted",
        default=False,
        help_text="For legal notices. What callers say into it is answered after it.",
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
        help_text="Said before hanging up, when the caller still says nothing after all questions.",
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
    is_default = models.BooleanField(
        "answers all other numbers",
        default=False,
        help_text="This bot answers calls to numbers that no bot has, and messages that name "
        "no bot. Without such a bot the oldest does.",
    )
    threshold = models.PositiveSmallIntegerField(
        "likeness in percent",
        default=85,
        validators=[MinValueValidator(50), MaxValueValidator(100)],
        help_text="How alike words must be that are not quite those of a keyword: from 50, "
        "where much is taken for a keyword, to 100, where only the very words are, spaces and "
        "all. Small mishearings match at 85, inflections up to 95.",
    )
    max_turns = models.PositiveSmallIntegerField(
        "most turns",
        default=100,
        validators=[MinValueValidator(1), MaxValueValidator(1000)],
        help_text="How often a caller may speak in one call before the bot takes its leave.",
    )
    max_minutes = models.PositiveSmallIntegerField(
        "most minutes",
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(240)],
        help_text="How long a call may take before the bot takes its leave.",
    )
    limit_message = models.TextField(
        "said at the limit",
        max_length=MAX_SAID_LENGTH,
        default="I am sorry, I have to end this call now. Goodbye.",
        help_text="Said before hanging up, when a call has taken too many turns or minutes.",
    )
    transfer_number = models.CharField(
        max_length=100,
        blank=True,
        validators=[validate_destination],
        help_text="Where callers are connected to a person, such as +31 20 123 4567. With a "
        "number here, callers can ask for an operator at any time.",
    )
    transfer_message = models.TextField(
        max_length=MAX_SAID_LENGTH,
        default="One moment please, I will connect you.",
        help_text="Said before the caller who asked for an operator is connected.",
    )
    transfer_failed = models.TextField(
        "said if nobody answers",
        max_length=MAX_SAID_LENGTH,
        default="I am sorry, nobody is available at the moment. What else can I do for you?",
        help_text="Said when nobody answers where a call was transferred to.",
    )
    time_zone = models.CharField(
        max_length=64,
        default="UTC",
        validators=[validate_time_zone],
        help_text="The clock of the opening hours, and of dates such as “tomorrow”: a name "
        "such as Europe/Amsterdam.",
    )
    closed_message = models.TextField(
        max_length=MAX_SAID_LENGTH,
        default="We are closed at the moment. Please call again during our opening hours.",
        help_text="Said, before hanging up, to callers outside the opening hours.",
    )
    backend = models.CharField(
        "answers come from",
        max_length=16,
        choices=Backend,
        default=Backend.SCRIPT,
        help_text="The intents of this bot, or a chatbot elsewhere that is asked at every turn.",
    )
    backend_url = models.CharField(
        "address of the chatbot",
        max_length=500,
        blank=True,
        validators=[validate_backend_url],
        help_text="Where each turn is posted to, such as "
        "http://rasa.internal:5005/webhooks/rest/webhook.",
    )
    backend_seconds = models.PositiveSmallIntegerField(
        "seconds to answer",
        default=4,
        validators=[MinValueValidator(1), MaxValueValidator(8)],
        help_text="How long the chatbot may take before the bot says its fallback.",
    )
    secret = models.CharField(
        "signing secret",
        max_length=100,
        default=new_secret,
        editable=False,
        help_text="Signs what the bot posts to others, in the header X-Phonebot-Signature.",
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
            UniqueConstraint(
                fields=["is_default"],
                condition=Q(is_default=True),
                name="bot_default_is_one",
                violation_error_message="Another bot answers all other numbers already.",
            ),
        ]
        permissions = [("connect_bot", "Can connect a bot to a chatbot elsewhere")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        check_markup(self, BOT_TEXTS)
        if self.backend != self.Backend.SCRIPT and not self.backend_url:
            raise ValidationError(
                {"backend_url": "Write the address of the chatbot that is to answer."}
            )
