"""Yes or no: "yeah", "no thanks", "ja hoor". "yes" and "no" are understood in every language.

The parts of a language's answers: y and n answer wherever they stand, Y and N only where they are
all that is said ("right", but not "right now"). p is polite and x no answer, although words of it
would be one alone ("no problem").
"""

import datetime
from collections.abc import Mapping
from functools import lru_cache

from chatbot.values.kind import Kind
from chatbot.values.languages import typical_phrases, vocabulary_of
from chatbot.values.phrases import Part, parts_of, phrases
from chatbot.values.text import fold, without_accents, words_of

_NO_ANSWER = Part("x")


@lru_cache(maxsize=256)
def _phrases(language: str) -> Mapping[tuple[str, ...], Part]:
    return phrases({"y": "yes", "n": "no"}) | phrases(vocabulary_of(language).answers)


def _read(text: str, language: str, today: datetime.date) -> str | None:
    """Return the answer where all words give the same one, but for those that are polite."""
    letters = _letters(text, language)
    if not letters:
        return None
    return "yes" if letters <= {"y", "Y"} else "no" if letters <= {"n", "N"} else None


def _stands(before: str, said: str, after: str, language: str) -> bool:
    """Whether an answer is one where these words were said before and after it too."""
    if (before or after) and not _letters(said, language) & {"y", "n"}:
        return False
    row = tuple(_words(before))
    begin = len(row)
    row += tuple(_words(said))
    end = len(row)
    row += tuple(_words(after))
    return not any(
        _phrases(language).get(row[first:last]) == _NO_ANSWER
        for first in range(end)
        for last in range(max(first, begin) + 1, len(row) + 1)
    )


def _letters(text: str, language: str) -> set[str]:
    """Return which parts a text has, but for polite ones; "?" for all that is not known."""
    parts = parts_of(_words(text), _phrases(language))
    if parts is None:
        return {"?"}
    return {part.letter if isinstance(part, Part) else "?" for part in parts} - {"p"}


def _words(text: str) -> list[str]:
    return words_of(without_accents(fold(text)))


def _speak(value: str, said: str, language: str) -> str:
    vocabulary = vocabulary_of(language)
    return (vocabulary.yes if value == "yes" else vocabulary.no) or said


def _is_canonical(value: str) -> bool:
    return value in ("yes", "no")


def _typical(language: str) -> tuple[str, ...]:
    return typical_phrases("yesno", language)


KIND = Kind(
    name="yesno",
    label="yes or no",
    max_words=6,
    example="yes",
    reader=_read,
    speaker=_speak,
    is_canonical=_is_canonical,
    stands=_stands,
    typical=_typical,
)
