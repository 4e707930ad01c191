"""Digits: "double four seven seven", "triple oh", "forty-four 77", keys of the keypad."""

import datetime
import re

from chatbot.values.kind import Kind
from chatbot.values.languages import number_words, vocabulary_of
from chatbot.values.numerals import in_figures
from chatbot.values.text import fold, without_accents
from chatbot.values.vocabulary import Vocabulary

_SEPARATORS = re.compile(r"[\s\-‐‑–—.,#*()!?\"]+")
_DECIMAL = re.compile(r"\d+[.,]\d{1,2}")
_DIGITS = re.compile(r"[0-9]+")


def digits_of(text: str, language: str) -> str | None:
    """Return the digits that a text says one by one, or in numbers of several digits, or None.

    A decimal number, an ordinal and a date are no digits. "oh" is a zero among digits or
    doubled, not alone. What sounds like a digit ("to", "for") is one between digits only:
    "for seven seven" begins with the preposition, and is no row of digits.
    """
    text = fold(text)
    if _DECIMAL.fullmatch(text):
        return None
    words = [word for word in _SEPARATORS.split(text) if word]
    if not any(word not in vocabulary_of(language).zeros for word in words):
        return None
    pieces = _pieces(words, language, vocabulary_of(language))
    if pieces is None:
        return None
    figures = "".join(in_figures(pieces, language))
    return figures if _DIGITS.fullmatch(figures) else None


def _pieces(words: list[str], language: str, vocabulary: Vocabulary) -> list[str] | None:
    """Return the words with zeros, doubles and homophones as figures; None for lone homophones."""
    pieces: list[str] = []
    rest = iter(enumerate(words))
    for place, word in rest:
        plain = without_accents(word)
        if plain in vocabulary.repeats:
            _, following = next(rest, (0, ""))
            digit = _digit(following, language, vocabulary)
            if digit is None:
                return None
            pieces.append(digit * vocabulary.repeats[plain])
        elif plain in vocabulary.zeros:
            pieces.append("0")
        elif plain in vocabulary.homophones:
            if not 0 < place < len(words) - 1:
                return None
            pieces.append(vocabulary.homophones[plain])
        else:
            pieces.append(word)
    return pieces


def _digit(word: str, language: str, vocabulary: Vocabulary) -> str | None:
    figures = "0" if word in vocabulary.zeros else "".join(in_figures([word], language))
    return figures if _DIGITS.fullmatch(figures) and len(figures) == 1 else None


def _read(text: str, language: str, today: datetime.date) -> str | None:
    return digits_of(text, language)


def _speak(value: str, said: str, language: str) -> str:
    return " ".join(value)  # so that voices say digit by digit


def _is_canonical(value: str) -> bool:
    return _DIGITS.fullmatch(value) is not None


def _typical(language: str) -> tuple[str, ...]:
    return number_words(language)[:10]


KIND = Kind(
    name="digits",
    label="digits, such as an order number",
    max_words=24,
    example="4477",
    reader=_read,
    speaker=_speak,
    is_canonical=_is_canonical,
    typical=_typical,
)
