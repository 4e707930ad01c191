"""The record of calls: what was said, by whom, and how it went, written while it happens."""

from datetime import timedelta

from django.db import models
from django.utils import timezone


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

    sid = models.CharField("call SID", max_length=64, unique=True)
    account_sid = models.CharField("account SID", max_length=64, blank=True)
    bot = models.ForeignKey(
        "chatbot.Bot", on_delete=models.SET_NULL, null=True, blank=True, related_name="calls"
    )
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.RINGING)
    outcome = models.CharField("how it ended", max_length=16, choices=Outcome.choices, blank=True)
    direction = models.CharField(max_length=32, blank=True)
    # Numbers, but also SIP addresses, `client:` names and words such as "anonymous".
    from_number = models.CharField("caller", max_length=255, blank=True)
    to_number = models.CharField("number called", max_length=255, blank=True)
    started_at = models.DateTimeField("started", default=timezone.now)
    ended_at = models.DateTimeField("ended", null=True, blank=True)
    duration_seconds = models.PositiveIntegerField("duration", null=True, blank=True)
    turn_count = models.PositiveIntegerField("turns", default=0, editable=False)
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
            # What the last calls of a bot said: missed phrases, and what would be answered now.
            models.Index(fields=["bot", "-started_at"], name="call_of_bot_newest_first"),
        ]
        permissions = [("view_caller_number", "Can see the numbers of callers")]

    def __str__(self) -> str:
        return f"Call {self.sid}"

    @property
    def is_over(self) -> bool:
        """Whether Twilio reported the end, or it was found out otherwise."""
        return self.status in self.OVER

    @property
    def duration(self) -> timedelta | None:
        """Twilio's duration where it was reported, else by our own clock; None while it runs."""
        if self.duration_seconds is not None:
            return timedelta(seconds=self.duration_seconds)
        if self.ended_at is not None:
            return timedelta(seconds=round((self.ended_at - self.started_at).total_seconds()))
        return None


class Turn(models.Model):
    """One thing said in a call."""

    class Role(models.TextChoices):
        CALLER = "caller", "caller"
        BOT = "bot", "bot"

    class Delivery(models.TextChoices):
        """Whether what the bot says went out to the caller; blank for the caller's turns."""

        PENDING = "pending", "on its way"
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

    class Meta:
        ordering = ["call", "number"]
        constraints = [
            models.UniqueConstraint(fields=["call", "number"], name="turn_number_unique_in_call"),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, turn {self.number}"


class Stream(models.Model):
    """One media stream that a call was told to open, known by the digest of its one-use token."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="streams")
    token_digest = models.CharField(max_length=64, unique=True)
    issued_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    stream_sid = models.CharField("stream SID", max_length=64, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    # Kept fresh by the process that holds the socket: a stream whose process died goes stale.
    seen_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    close_reason = models.CharField(max_length=200, blank=True)
    audio_bytes = models.PositiveBigIntegerField(default=0)
    frames_ignored = models.PositiveIntegerField(default=0)
    frames_malformed = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["call", "issued_at"]

    def __str__(self) -> str:
        return f"Stream {self.pk}"

    @property
    def name(self) -> str:
        """The stream's name in TwiML and in stream status callbacks; unique in the call."""
        return f"stream-{self.pk}"

    @property
    def audio_seconds(self) -> float:
        """How long the audio lasts that came in: mu-law, 8,000 bytes a second."""
        return self.audio_bytes / 8000
