"""Telephone numbers as editors write them and as they are kept: E.164, “+31201234567”. Pure."""

import phonenumbers


def to_e164(text: str) -> str:
    """Return a number in E.164. Raises ValueError with a sentence for the editor."""
    try:
        number = phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        raise ValueError(
            f"“{text}” is not a telephone number with its country code. "
            "Write it such as +31 20 123 4567."
        )
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def to_destination(text: str) -> str:
    """Return what a call can be transferred to: a number in E.164, or a SIP address.

    Raises ValueError with a sentence for the editor.
    """
    text = text.strip()
    if text.startswith(("sip:", "sips:")) and "@" in text and not any(map(str.isspace, text)):
        return text
    return to_e164(text)


def check_destination(text: str) -> None:
    """Raise ValueError where a call cannot be transferred to this."""
    to_destination(text)
