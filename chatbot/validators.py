"""What a text must be like for the bot to work with it, said to the editor who wrote it."""

from django.core.exceptions import ValidationError

from chatbot.matching import normalise


def validate_has_word(text: str) -> None:
    """Refuse a keyword that nobody can say, such as “?!”."""
    if not normalise(text):
        raise ValidationError(
            "“%(text)s” has no word in it, so no caller can say it. Write a word or a phrase.",
            code="no_word",
            params={"text": text},
        )


def validate_single_word(text: str) -> None:
    """Refuse a phrase where one word is wanted."""
    if len(text.split()) != 1 or not normalise(text):
        raise ValidationError(
            "“%(text)s” is not one word. Write each word of a phrase in a row of its own.",
            code="not_one_word",
            params={"text": text},
        )
