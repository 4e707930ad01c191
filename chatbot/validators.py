"""What a text must be like for the bot to work with it, said to the editor who wrote it."""

import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ValidationError

from chatbot.normalise import normalise
from chatbot.outside.addresses import read_url
from chatbot.patterns import PatternError, parse
from chatbot.phone_numbers import to_destination, to_e164

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")


def validate_keyword(text: str) -> None:
    """Refuse a keyword that nobody can say, or whose blanks cannot be read."""
    if "{" not in text and "}" not in text:
        validate_has_word(text)
        return
    try:
        parse(text)
    except PatternError as error:
        raise ValidationError(str(error), code="bad_blank") from None


def validate_has_word(text: str) -> None:
    """Refuse a text without a word, such as “?!”."""
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


def validate_phone_number(text: str) -> None:
    """Refuse what is not a telephone number with its country code."""
    try:
        to_e164(text)
    except ValueError as error:
        raise ValidationError(str(error), code="bad_number") from None


def validate_destination(text: str) -> None:
    """Refuse what no call can be transferred to, at any time of a call."""
    if "{" in text:
        raise ValidationError(
            "No captured value can stand here: callers may ask for an operator before they said "
            "it. Write the number itself.",
            code="bad_destination",
        )
    try:
        to_destination(text)
    except ValueError as error:
        raise ValidationError(str(error), code="bad_destination") from None


def validate_time_zone(name: str) -> None:
    """Refuse what is not the name of a time zone."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: the name of a folder
        raise ValidationError(
            "“%(name)s” is not a time zone. Write its name, such as Europe/Amsterdam.",
            code="bad_time_zone",
            params={"name": name},
        ) from None


def validate_language(tag: str) -> None:
    """Refuse what is not the tag of a language."""
    if not _LANGUAGE.fullmatch(tag):
        raise ValidationError(
            "Write the language as its tag, such as en-US, de-DE or cmn-Hans-CN.",
            code="bad_language",
        )


def validate_backend_url(url: str) -> None:
    """Refuse what is not the address of an HTTP server; it may well be a private one."""
    try:
        read_url(url)
    except ValueError as error:
        raise ValidationError(str(error), code="bad_address") from None
