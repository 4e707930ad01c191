"""Yes or no: "yeah", "no thanks", "ja hoor". "yes" and "no" are understood in every language."""

import datetime
from collections.abc import Mapping
from functools import lru_cache

from chatbot.values.kind import Kind
from chatbot.values.languages import typical_phrases, vocabulary_of
from chatbot.values.phrases import Part, parts_of, phrases
from chatbot.values.text import fold, without_accents, words_of


@lru_cache(maxsize=256)
def _phrases(language: str) -> Mapping[tuple[str, ...], Part]:
    return phrases({"y": "yes", "n": "no"}) | phrases(vocabulary_of(language).answers)


def _read(text: str, language: str, today: datetime.date) -> str | None:
    """Return the answer where all words give the same one, but for those that are polite."""
    parts = parts_of(words_of(without_accents(fold(text))), _phrases(language))
    if parts is None:
        return None
    said = {part.letter if isinstance(part, Part) else "?" for part in parts} - {"p"}
    return {"y": "yes", "n": "no"}.get("".join(said))


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
    typical=_typical,
)
