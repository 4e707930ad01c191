"""What holds for all that a bot says."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from chatbot import ssml

MAX_SAID_LENGTH = 1000

SPEEDS = [MinValueValidator(50), MaxValueValidator(200)]


def check_markup(row: models.Model, fields: Iterable[str]) -> None:
    """Refuse markup that voices do not take or that is none, each fault beside its field."""
    texts = {field: str(getattr(row, field)) for field in fields}
    faults = {field: ssml.problems(text) or ssml.slips(text) for field, text in texts.items()}
    if any(faults.values()):
        raise ValidationError({field: found for field, found in faults.items() if found})
