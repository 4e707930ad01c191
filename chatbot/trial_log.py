"""What was said in a trial so far, as a signed text that a page without scripts can keep."""

import msgspec
from django.core import signing

from chatbot.trial import Entries, Entry

MAX_CHARACTERS = 50_000
"""How much of what was said is kept; before that it is forgotten. A form holds 2.5 MB."""

_SALT = "chatbot.trial-log"


def to_token(entries: Entries) -> str:
    """Return the entries, the oldest left out where they are too much."""
    kept: list[Entry] = []
    room = MAX_CHARACTERS
    for entry in reversed(entries):
        room -= len(entry.text) + 500
        if room < 0 and kept:
            break
        kept.insert(0, entry)
    return signing.dumps(msgspec.to_builtins(kept), salt=_SALT, compress=True)


def from_token(token: str) -> Entries:
    """Read what `to_token` wrote; nothing where it cannot be read, as it is only looked at."""
    try:
        return msgspec.convert(signing.loads(token, salt=_SALT), Entries)
    except (signing.BadSignature, msgspec.ValidationError, ValueError):
        return ()
