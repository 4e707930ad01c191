"""The model of what happened in a call beside what was said."""

from django.db import models
from django.utils import timezone

from calls.models.call import Call


class CallEvent(models.Model):
    """A seam, a retry or a failure in a call: why it went as it did."""

    class Kind(models.TextChoices):
        REOPENED = "reopened", "recognition began anew after a failure"
        ROTATED = "rotated", "recognition was renewed before its time limit"
        ENGINE_CHANGED = "engine-changed", "another recognizer took over"
        DEAF = "deaf", "no recognizer could be had"
        GATHER = "gather", "the telephone service took over hearing the caller"
        MUTE = "mute", "the telephone service took over speaking"
        NOT_SENT = "not-sent", "an answer did not go out"
        HUNG_UP = "hung-up", "a member of the staff hung up"
        STREAM_LOST = "stream-lost", "the media stream was lost"

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    # For whoever reads the record; holds nothing that the caller said.
    detail = models.TextField(blank=True)
    ms = models.PositiveIntegerField(
        null=True, blank=True, help_text="Of audio heard again, or of silence; by the kind."
    )

    class Meta:
        ordering = ["call", "at", "id"]

    def __str__(self) -> str:
        return self.get_kind_display()
