"""The model of a dialogue by messages."""

from django.db import models
from django.db.models import UniqueConstraint
from django.utils import timezone

from chatbot.models.bot import Bot


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
