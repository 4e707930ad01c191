"""Text from outside, made fit to be stored and shown. Pure."""

import re

# PostgreSQL stores no NUL, and none of the others means anything to a reader.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def printable(text: str, limit: int | None = None) -> str:
    """Return the text with a space for each control character, cut to `limit` characters."""
    return _CONTROL.sub(" ", text)[:limit]
