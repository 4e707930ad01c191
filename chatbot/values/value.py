"""A captured value: what was said, and what it means."""

import datetime
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Self

from chatbot.values import date, digits, number, phone, time, words, yesno
from chatbot.values.kind import Kind

# Characters. Whatever is longer is no value; the bound keeps every reading short.
LONGEST_TEXT = 200

KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            digits.KIND,
            number.KIND,
            date.KIND,
            time.KIND,
            phone.KIND,
            yesno.KIND,
            words.KIND,
        )
    }
)


@dataclass(frozen=True, slots=True)
class Value:
    """Something that a caller said in the blank of a keyword.

    `kind` is a key of KINDS, `value` the canonical form, `said` the words of the caller:

    - digits: ASCII digits, "4477"
    - number: decimal notation without grouping or needless zeros, "12.5"
    - date: ISO 8601, "2026-11-23"
    - time: "HH:MM" of 24 hours, "15:30"
    - phone: E.164, "+31201234567"
    - yesno: "yes" or "no"
    - words: the text without punctuation around it
    """

    kind: str
    value: str
    said: str

    def to_json(self) -> dict[str, str]:
        """Return the value as one that JSON can hold."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: object) -> Self | None:
        """Read what `to_json` wrote. Never raises: None for anything else."""
        match value:
            case {"kind": str(name), "value": str(canonical), "said": str(said)}:
                kind = KINDS.get(name)
                if kind is not None and kind.is_canonical(canonical):
                    return cls(name, canonical, said)
        return None


def read(kind: str, text: str, language: str, today: datetime.date) -> Value | None:
    """Read a text as a value of a kind; None where the whole text is not of that kind.

    `language` is a BCP-47 tag; its region decides the order of day and month and the country of
    telephone numbers. `today` is the day at the bot: dates without a year lie ahead of it.
    Never raises for a text, of whatever characters; KeyError for a kind that is not in KINDS.
    """
    reader = KINDS[kind].reader
    if len(text) > LONGEST_TEXT:
        return None
    said = _storable(text)
    canonical = reader(said, language, today)
    return None if canonical is None else Value(kind, canonical, said)


def spoken(value: Value, language: str) -> str:
    """Return how a reply says a value: digits one by one, dates and times in words and figures."""
    return KINDS[value.kind].speaker(value.value, value.said, language)


@lru_cache(maxsize=256)
def typical(kind: str, language: str) -> tuple[str, ...]:
    """Return what callers typically say for values of a kind, most likely first.

    They are words to listen for, and not all are values themselves: “November” is none.
    """
    return KINDS[kind].typical(language)


def warm(language: str) -> None:
    """Load all that values of a language need: tens of ms that no live turn should wait for."""
    today = datetime.date(2000, 1, 1)
    for kind in KINDS.values():
        read(kind.name, kind.example, language, today)
        spoken(Value(kind.name, kind.example, kind.example), language)
        typical(kind.name, language)


def _storable(text: str) -> str:
    """Return a text without what a database refuses: control characters and lone surrogates."""
    kept = (" " if unicodedata.category(letter) in ("Cc", "Cs") else letter for letter in text)
    return " ".join("".join(kept).split())
