"""Keeps the number of a caller from those who may not see it. Pure."""

import re

PERMISSION = "calls.view_caller_number"
"""Who may see the numbers of callers."""

HIDDEN = "hidden"
"""Shown in the place of a number."""

# As many of the last digits tell a number, whether said with its country code or without.
_TELLING_DIGITS = 8
_BETWEEN = r"[\s().,\-/]*"


def without_number(text: str, number: str) -> str:
    """Return a text with "[number]" wherever the caller's number is in it, however spaced.

    `number` is as a call names it; one of fewer than eight digits, such as "anonymous" or the
    name of a client, is not looked for.
    """
    digits = re.sub(r"\D", "", number)
    if len(digits) < _TELLING_DIGITS or not re.search(r"\d", text):
        return text
    telling = _BETWEEN.join(digits[-_TELLING_DIGITS:])
    return re.sub(rf"[+(]?(?:\d{_BETWEEN}){{0,8}}{telling}(?!\d)", "[number]", text)
