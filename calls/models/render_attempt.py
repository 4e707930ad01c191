"""The model of a reply that is not audio yet."""

from django.db import models
from django.utils import timezone


class RenderAttempt(models.Model):
    """A text that a process is about to speak, or that could not be spoken. Gone once it was."""

    key = models.CharField(
        max_length=64, unique=True, help_text="That of the render that is to come of it."
    )
    began_at = models.DateTimeField(default=timezone.now)
    problem = models.TextField(blank=True, help_text="Why it failed; empty while it is under way.")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"Attempt {self.pk}"
