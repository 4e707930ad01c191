"""The model of a reply as audio."""

from django.db import models
from django.utils import timezone


class Render(models.Model):
    """A text as it was spoken by a synthesizer, kept for all processes."""

    key = models.CharField(
        max_length=64, unique=True, help_text="The digest of what was said, how, and by whom."
    )
    audio = models.BinaryField(help_text="Mu-law at 8 kHz, without a header: 8 bytes are 1 ms.")
    engine = models.CharField(max_length=100)
    rendered_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(
        default=timezone.now, db_index=True, help_text="To the day: what is not used is deleted."
    )

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"Render {self.pk}"
