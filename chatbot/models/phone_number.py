"""The model of a number that a bot answers."""

import contextlib

from django.db import models

from chatbot.models.bot import Bot
from chatbot.phone_numbers import to_e164
from chatbot.validators import (
    validate_phone_number,
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
