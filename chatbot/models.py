"""A bot and its parts, as an editor keeps them in the admin."""

import contextlib
import secrets
from collections.abc import Iterable
from datetime import time
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils import timezone

from chatbot import actions, expectations, script, ssml
from chatbot.actions import POST
from chatbot.outside import check_url
from chatbot.phone_numbers import to_e164
from chatbot.validators import (
    validate_backend_url,
    validate_destination,
    validate_keyword,
    validate_language,
    validate_phone_number,
    validate_single_word,
    validate_time_zone,
)

MAX_SAID_LENGTH = 1000

SPEEDS = [MinValueValidator(50), MaxValueValidator(200)]

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

MANNER_FIELDS = ("voice", "speed", "is_uninterruptible")
"""The fields of a row that say how its text is said: `chatbot.manner.Manner`."""

EXPECTATION_FIELDS = ("expects", "expected_phrases", "expects_language", "expects_model")
"""The fields of a reply that make its `chatbot.expectations.Expectation`."""


def recognizers() -> list[tuple[str, str]]:
    """Return the engines that can hear callers, as choices."""
    return list(settings.CHATBOT_RECOGNIZERS.items())


def check_markup(row: models.Model, fields: Iterable[str]) -> None:
    """Refuse markup that voices do not take or that is none, each fault beside its field."""
    texts = {field: str(getattr(row, field)) for field in fields}
    faults = {field: ssml.problems(text) or ssml.slips(text) for field, text in texts.items()}
    if any(faults.values()):
        raise ValidationError({field: found for field, found in faults.items() if found})


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


class PhoneNumber(models.Model):
    """A number that a bot answers."""

    bot = models.ForeignKey(Bot, models.CASCADE, related_name="phone_numbers")
    number = models.CharField(
        max_length=100,
        unique=True,
        validators=[validate_phone_number],
        error_messages={"unique": "Another bot answers this number already."},
        help_text="With its country code, such as +31 20 123 4567.",
    )

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return self.number

    def clean(self) -> None:
        """Keep the number in the form in which calls name it, before it is compared."""
        super().clean()
        with contextlib.suppress(ValueError):  # the field itself says what is wrong with it
            self.number = to_e164(self.number)


class OpeningTime(models.Model):
    """A stretch of a week day in which the bot answers calls."""

    class Weekday(models.IntegerChoices):
        """As `datetime.weekday()` counts them."""

        MONDAY = 0, "Monday"
        TUESDAY = 1, "Tuesday"
        WEDNESDAY = 2, "Wednesday"
        THURSDAY = 3, "Thursday"
        FRIDAY = 4, "Friday"
        SATURDAY = 5, "Saturday"
        SUNDAY = 6, "Sunday"

    bot = models.ForeignKey(Bot, models.CASCADE, related_name="opening_times")
    weekday = models.PositiveSmallIntegerField("day", choices=Weekday)
    opens = models.TimeField()
    closes = models.TimeField(help_text="00:00 is midnight at the end of the day.")

    class Meta:
        ordering = ["weekday", "opens"]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M}–{self.closes:%H:%M}"

    def clean(self) -> None:
        super().clean()
        opens: time | None = self.opens  # None where the form could not read it
        closes: time | None = self.closes
        if opens is None or closes is None:
            return
        if closes != time.min and closes <= opens:
            raise ValidationError(
                {"closes": "The bot closes before it opens. Past midnight is the next day's row."}
            )


class ClosedDay(models.Model):
    """A day on which nobody is there, whatever the week says."""

    bot = models.ForeignKey(Bot, models.CASCADE, related_name="closed_days")
    day = models.DateField()
    name = models.CharField(max_length=100, blank=True, help_text="For you, such as Christmas.")

    class Meta:
        ordering = ["day"]
        constraints = [
            UniqueConstraint(
                fields=["bot", "day"],
                name="closed_day_unique_in_bot",
                violation_error_message="This day is in the list already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.name}".strip()


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


class ChatSession(models.Model):
    """Where a dialogue by messages stands, between two of them."""

    bot = models.ForeignKey(Bot, models.CASCADE, related_name="+")
    key = models.CharField(max_length=200, help_text="Chosen by whoever sends the messages.")
    dialogue = models.JSONField(default=dict)
    used_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["bot", "key"], name="chat_session_key_unique_in_bot"),
        ]

    def __str__(self) -> str:
        return f"Session {self.pk}"
