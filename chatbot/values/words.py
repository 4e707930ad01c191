"""Any words, such as a name; “please” around them is none of them."""

import datetime
import unicodedata

from chatbot.values.kind import Kind
from chatbot.values.politeness import without_please


def _read(text: str, language: str, today: datetime.date) -> str | None:
    """Return the words of a text; None where there are none."""
    # Behind a sign that stands alone there may be one more “please”.
    while (rest := _bare(without_please(text, language))) != text:
        text = rest
    return text or None


def _bare(text: str) -> str:
    """Return a text from its first letter or digit to its last, with their marks."""
    places = [place for place, letter in enumerate(text) if letter.isalnum()]
    if not places:
        return ""
    end = places[-1] + 1
    while end < len(text) and unicodedata.category(text[end])[0] == "M":
        end += 1
    return text[places[0] : end]


def _speak(value: str, said: str, language: str) -> str:
    return value


def _is_canonical(value: str) -> bool:
    return bool(value.strip())


KIND = Kind(
    name="words",
    label="words, such as a name",
    max_words=8,
    example="Anna",
    reader=_read,
    speaker=_speak,
    is_canonical=_is_canonical,
)
