"""Telephone numbers, dialled as in the country of the language: "oh six one two…", "+31 6…"."""

import datetime
import re

import phonenumbers

from chatbot.values.digits import digits_of
from chatbot.values.kind import Kind
from chatbot.values.languages import number_words, vocabulary_of
from chatbot.values.locale import region_of
from chatbot.values.text import fold

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_TRUNK_ZERO = re.compile(r"\(\s*0\s*\)")  # "+31 (0)20": dialled inside the country only
_GROUPS = re.compile(r"[+0-9]+")


def _read(text: str, language: str, today: datetime.date) -> str | None:
    text = fold(text)
    local = text.removeprefix("+").removeprefix(f"{vocabulary_of(language).plus} ")
    is_international = local != text
    if is_international:
        local = _TRUNK_ZERO.sub(" ", local)
    digits = digits_of(local, language)
    if digits is None:
        return None
    try:
        number = phonenumbers.parse(
            f"+{digits}" if is_international else digits, region_of(language)
        )
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _speak(value: str, said: str, language: str) -> str:
    """Return the digits one by one, with a pause between the groups that are usual for them."""
    number = phonenumbers.parse(value)
    at_home = phonenumbers.region_code_for_number(number) == region_of(language)
    style = phonenumbers.PhoneNumberFormat
    written = phonenumbers.format_number(number, style.NATIONAL if at_home else style.INTERNATIONAL)
    return ", ".join(" ".join(group) for group in _GROUPS.findall(written))


def _is_canonical(value: str) -> bool:
    if not _E164.fullmatch(value):
        return False
    try:
        number = phonenumbers.parse(value)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) == value


def _typical(language: str) -> tuple[str, ...]:
    digits = number_words(language)[:10]
    return (*digits, vocabulary_of(language).plus) if digits else ()


KIND = Kind(
    name="phone",
    label="telephone number",
    max_words=24,
    example="+31201234567",
    reader=_read,
    speaker=_speak,
    is_canonical=_is_canonical,
    typical=_typical,
)
