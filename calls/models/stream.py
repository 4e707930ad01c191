"""The model of a media stream."""

from django.db import models
from django.utils import timezone

from calls.models.call import Call


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
