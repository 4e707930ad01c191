"""The keys of a telephone, as keywords and as what callers press. Pure."""

import re

_KEYS = re.compile(r"[0-9*#]+")


def is_keys(text: str) -> bool:
    """Whether a text is nothing but keys: such a keyword is pressed, and not only said."""
    return _KEYS.fullmatch(text.strip()) is not None


def can_be_said(keys: str) -> bool:
    """Whether keys are a number that a caller may as well say."""
    return keys.strip().isdigit()


def pressed(keys: str) -> str:
    """Return what the bot gets of keys that are pressed in a row.

    “#” ends an entry and is not part of it; alone it is an entry of its own. Raises ValueError
    with a sentence where these are not the keys of one entry.
    """
    keys = "".join(keys.split())
    if not is_keys(keys):
        raise ValueError("Keys are the digits 0 to 9, * and #. Write at least one of them.")
    entry, ended, rest = keys.partition("#")
    if rest:
        raise ValueError("“#” ends what the caller keys in. Send what comes after it by itself.")
    return entry or ended
