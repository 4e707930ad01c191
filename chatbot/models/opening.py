"""The models of when a bot answers calls."""

from datetime import time

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import UniqueConstraint

from chatbot.models.bot import Bot


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
