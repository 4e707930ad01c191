"""Keeps the number of a caller from those who may not see it. Pure."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby

from chatbot.values.digits import digits_of
from chatbot.values.languages import VOCABULARIES, number_words, vocabulary_of
from chatbot.values.text import fold, without_accents

PERMISSION = "calls.view_caller_number"
"""Who may see the numbers of callers."""

HIDDEN = "hidden"
"""Shown in the place of a number."""

NUMBER_SAID = "[number]"
"""Shown in a text in the place of a number that was said there."""

# As many of the last digits tell a number, whether said with its country code or without.
_TELLING_DIGITS = 8
_BETWEEN = r"[\s().,\-/]*"

# Nobody says eight digits in fewer words: “twelve thirty-four …”.
_TELLING_WORDS = 4
# So few digits of a number that is being said may be those of anything.
_FEWEST_DIGITS = 3
_LONGEST_WORD = 40
_WORD = re.compile(r"[^\W_]+")


def without_number(text: str, number: str) -> str:
    """Return a text with "[number]" wherever the caller's number is in it, however spaced.

    It may stand there in figures, or in the words of a language that has a vocabulary. `number`
    is as a call names it; one of fewer than eight digits, such as "anonymous" or the name of a
    client, is not looked for.
    """
    digits = re.sub(r"\D", "", number)
    if len(digits) < _TELLING_DIGITS:
        return text
    if re.search(r"\d", text):
        telling = _BETWEEN.join(digits[-_TELLING_DIGITS:])
        text = re.sub(rf"[+(]?(?:\d{_BETWEEN}){{0,8}}{telling}(?!\d)", NUMBER_SAID, text)
    return _without_spoken(text, digits[-_TELLING_DIGITS:])


def without_digits(text: str) -> str:
    """Return a text with "[number]" for each row of three digits or more, in figures or in words.

    For a text that is not whole: a number that is being said cannot be told from others yet.
    """
    text = re.sub(rf"[+(]?(?:\d{_BETWEEN}){{2,}}\d", NUMBER_SAID, text)
    words = list(_WORD.finditer(text))
    spans = [
        (row[0].start(), row[-1].end())
        for language in VOCABULARIES
        for row in _rows(words, language, _FEWEST_DIGITS)
    ]
    return _with_hidden(text, spans)


# --- In words ---------------------------------------------------------------------------------


def _without_spoken(text: str, telling: str) -> str:
    """Return a text with "[number]" for each row of number words in which the digits are."""
    words = list(_WORD.finditer(text))
    if sum(1 for word in words if _languages_of(word[0])) < _TELLING_WORDS:
        return text
    spans = [
        (row[0].start(), row[-1].end())
        for language in VOCABULARIES
        for row in _rows(words, language)
        if telling in (digits_of(" ".join(word[0] for word in row), language) or "")
    ]
    return _with_hidden(text, spans)


def _with_hidden(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Return a text with "[number]" for each span of it."""
    shown, place = "", 0
    for start, end in sorted(spans):
        if start >= place:  # else it begins in one that is hidden, and is of another language
            shown += f"{text[place:start]}{NUMBER_SAID}"
        place = max(place, end)
    return shown + text[place:]


def may_be_digits(text: str, *, is_prefix: bool = False) -> bool:
    """Tell whether a text may be part of a number, in figures or in words; rather too often.

    With `is_prefix` its last word is the beginning of one.
    """
    words = _WORD.findall(text)
    if any(sign.isdigit() for sign in text) or any(_languages_of(word) for word in words):
        return True
    if not is_prefix or not words:
        return False
    begin = without_accents(fold(words[-1]))
    return any(word.startswith(begin) or begin.startswith(word) for word in _number_words())


@lru_cache(maxsize=1)
def _number_words() -> frozenset[str]:
    """Return the words by which others for digits begin, without accents, in any language."""
    return frozenset(
        without_accents(fold(word))
        for language, vocabulary in VOCABULARIES.items()
        for word in (
            *number_words(language),
            *vocabulary.zeros,
            *vocabulary.repeats,
            *vocabulary.homophones,
            *vocabulary.scales,
        )
    )


def _rows(
    words: list[re.Match[str]], language: str, fewest: int = _TELLING_WORDS
) -> Iterator[list[re.Match[str]]]:
    """Yield the rows of at least `fewest` words that are digits in a language."""
    vocabulary = vocabulary_of(language)
    for is_digits, group in groupby(words, lambda word: language in _languages_of(word[0])):
        row = list(group) if is_digits else []
        # What only sounds like a digit (“for”) is one between others, and “double” before one.
        while row and fold(row[0][0]) in vocabulary.homophones:
            row.pop(0)
        while row and fold(row[-1][0]) in {*vocabulary.homophones, *vocabulary.repeats}:
            row.pop()
        if len(row) >= fewest:
            yield row


@lru_cache(maxsize=1 << 14)
def _languages_of(word: str) -> frozenset[str]:
    """Return the languages in which a word may stand for digits."""
    if len(word) > _LONGEST_WORD:
        return frozenset()
    plain = without_accents(fold(word))
    return frozenset(
        language
        for language, vocabulary in VOCABULARIES.items()
        if plain in vocabulary.zeros
        or plain in vocabulary.repeats
        or plain in vocabulary.homophones
        or digits_of(word, language) is not None
    )
