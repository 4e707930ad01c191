"""The model of a telephone call."""

from datetime import timedelta

from django.db import models
from django.utils import timezone

from voiceproject.phone_account import SID as PHONE_SID


class Call(models.Model):
    """One telephone call, keyed by Twilio's CallSid."""

    class Status(models.TextChoices):
        """Twilio's CallStatus values: twilio.com/docs/voice/twiml#callstatus-values."""

        QUEUED = "queued", "queued"
        INITIATED = "initiated", "initiated"
        RINGING = "ringing", "ringing"
        IN_PROGRESS = "in-progress", "in progress"
        COMPLETED = "completed", "completed"
        BUSY = "busy", "busy"
        FAILED = "failed", "failed"
        NO_ANSWER = "no-answer", "no answer"
        CANCELED = "canceled", "canceled"

    OVER = frozenset(
        {Status.COMPLETED, Status.BUSY, Status.FAILED, Status.NO_ANSWER, Status.CANCELED}
    )
    """The statuses after which nothing more happens to a call."""

    class Outcome(models.TextChoices):
        """How a call ended; blank while it runs."""

        BOT_HUNG_UP = "bot", "the bot said goodbye"
        CALLER_HUNG_UP = "caller", "the caller hung up"
        SILENCE = "silence", "the caller fell silent"
        TRANSFERRED = "transferred", "the caller was connected to a person"
        LIMIT = "limit", "the call took too long"
        CLOSED = "closed", "the call came outside the opening hours"
        NOT_HEARD = "not-heard", "the caller could not be heard"
        FAILED = "failed", "the call failed"
        LOST = "lost", "contact was lost"
        STAFF_HUNG_UP = "staff", "a member of the staff hung up"

    class Line(models.TextChoices):
        """How the caller hears us."""

        SAY = "say", "the voices of the telephone service"
        STREAM = "stream", "audio of our own"

    class Hearing(models.TextChoices):
        """How we hear the caller."""

        STREAM = "stream", "a recognizer of our own"
        GATHER = "gather", "the recognizer of the telephone service"

    sid = models.CharField("call SID", max_length=64, unique=True)
    account_sid = models.CharField("account SID", max_length=64, blank=True)
    bot = models.ForeignKey(
        "chatbot.Bot", on_delete=models.SET_NULL, null=True, blank=True, related_name="calls"
    )
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.RINGING)
    outcome = models.CharField("how it ended", max_length=16, choices=Outcome.choices, blank=True)
    direction = models.CharField(max_length=32, blank=True)
    line = models.CharField(max_length=8, choices=Line.choices, default=Line.SAY, editable=False)
    hearing = models.CharField(
        max_length=8, choices=Hearing.choices, default=Hearing.STREAM, editable=False
    )
    # Numbers, but also SIP addresses, `client:` names and words such as "anonymous".
    from_number = models.CharField("caller", max_length=255, blank=True)
    to_number = models.CharField("number called", max_length=255, blank=True)
    started_at = models.DateTimeField("started", default=timezone.now)
    ended_at = models.DateTimeField("ended", null=True, blank=True)
    duration_seconds = models.PositiveIntegerField("duration", null=True, blank=True)
    turn_count = models.PositiveIntegerField("turns", default=0, editable=False)
    # Kept beside the turns, so that a list of calls can be narrowed down without reading them.
    miss_count = models.PositiveIntegerField(
        "not understood",
        default=0,
        db_default=0,  # for processes that know nothing of it yet, while an update is under way
        editable=False,
        help_text="How often the caller said what matched no intent.",
    )
    slowest_ms = models.PositiveIntegerField(
        "slowest answer in ms",
        null=True,
        blank=True,
        editable=False,
        help_text="The most of `answer_ms` of its turns; empty where none was timed.",
    )
    # What the dialogue must remember to go on in another process: chatbot.dialogue.State as JSON.
    dialogue = models.JSONField(default=dict, blank=True, editable=False)
    # The redirect or retried request that was answered last: asked again, it is answered alike.
    last_ask = models.CharField(max_length=64, blank=True, editable=False)
    # When voice was last heard: tells a caller in mid-sentence from a silent one.
    heard_at = models.DateTimeField(null=True, blank=True, editable=False)
    # When the call was last known to live: a call that nobody reports as ended is found by it.
    seen_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-started_at", "-pk"]
        indexes = [
            # The list of calls, newest first.
            models.Index(fields=["-started_at", "-id"], name="call_newest_first"),
            # The search for calls of which no end was reported; most calls have one.
            models.Index(
                fields=["seen_at"],
                condition=models.Q(ended_at__isnull=True),
                name="call_open_by_last_seen",
            ),
            # The calls before and after one of the same caller.
            models.Index(
                fields=["from_number", "-started_at", "-id"], name="call_of_caller_newest_first"
            ),
            # What the last calls of a bot said: missed phrases, and what would be answered now.
            models.Index(fields=["bot", "-started_at"], name="call_of_bot_newest_first"),
        ]
        permissions = [
            ("view_caller_number", "Can see the numbers of callers"),
            ("control_call", "Can speak, transfer and hang up in running calls"),
        ]

    def __str__(self) -> str:
        return f"Call {self.sid}"

    @property
    def is_over(self) -> bool:
        """Whether Twilio reported the end, or it was found out otherwise."""
        return self.status in self.OVER

    @property
    def is_test(self) -> bool:
        """Whether it was placed from the phone in the browser, rather than by a caller."""
        return self.account_sid == PHONE_SID

    @property
    def duration(self) -> timedelta | None:
        """Twilio's duration where it was reported, else by our own clock; None while it runs."""
        if self.duration_seconds is not None:
            return timedelta(seconds=self.duration_seconds)
        if self.ended_at is not None:
            return timedelta(seconds=round((self.ended_at - self.started_at).total_seconds()))
        return None
