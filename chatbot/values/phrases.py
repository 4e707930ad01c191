"""Words told apart by the part they play in a date, a time or an answer."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

_LONGEST_PHRASE = 6  # words


class Part(NamedTuple):
    """The part that a phrase plays: a letter for grammars, and the number that goes with it."""

    letter: str
    number: int = 0


Phrases = Mapping[tuple[str, ...], Part]


def phrases(parts: Mapping[str, str]) -> dict[tuple[str, ...], Part]:
    """Compile {"part": "phrase, phrase"}: "R1" is the letter R with the number 1."""
    return {
        tuple(phrase.split()): Part(part[0], int(part[1:] or 0))
        for part, texts in parts.items()
        for phrase in map(str.strip, texts.split(","))
    }


def parts_of(words: Iterable[str], known: Phrases) -> list[Part | str] | None:
    """Replace phrases by their parts, the longest first; numerals stay as they are.

    None where a word is neither: then the text is something else altogether.
    """
    row = tuple(words)
    parts: list[Part | str] = []
    place = 0
    while place < len(row):
        for end in range(min(place + _LONGEST_PHRASE, len(row)), place, -1):
            part = known.get(row[place:end])
            if part is not None:
                parts.append(part)
                place = end
                break
        else:
            if not row[place][0].isdigit():
                return None
            parts.append(row[place])
            place += 1
    return parts
