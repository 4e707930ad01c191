"""From a phrase as an editor writes it to the words a caller says."""

import re
import unicodedata
from collections.abc import Callable

_TO_NINETEEN = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_TO_NINETY = "zero ten twenty thirty forty fifty sixty seventy eighty ninety"
_ONES = _TO_NINETEEN.split()
_TENS = _TO_NINETY.split()

_SYMBOLS = str.maketrans({"’": "'", "‘": "'", "&": " and ", "%": " percent "})
_PUNCTUATION = '"()[]{}<>.,;:!?…«»“”-–—/_*'
_CLOCK = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)([a-z.]*)")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+")
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)")
_JOINTS = re.compile(r"[-–—/_.,:;!?]+")
_DIGITS_OR_NOT = re.compile(r"[0-9]+|[^0-9]+")
_LARGEST = 999_999


def spoken_words(phrase: str, knows: Callable[[str], bool]) -> tuple[str, ...]:
    """Give the words of `phrase` in lower case, numbers and clock times written out.

    `knows` says whether a word has a pronunciation: such a word is left whole, another is taken
    apart at hyphens and between digits and letters. What is unknown even then stays in the result.
    """
    plain = unicodedata.normalize("NFKD", phrase.casefold().translate(_SYMBOLS))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return tuple(word for token in plain.split() for word in _spoken(token, knows))


def number_words(number: int) -> tuple[str, ...]:
    """Give `number` (0 to 999999) as it is said: 24 is twenty, four."""
    if number >= 1000:
        rest = number_words(number % 1000) if number % 1000 else ()
        return (*number_words(number // 1000), "thousand", *rest)
    if number >= 100:
        rest = number_words(number % 100) if number % 100 else ()
        return (_ONES[number // 100], "hundred", *rest)
    if number >= 20:
        return (_TENS[number // 10], *((_ONES[number % 10],) if number % 10 else ()))
    return (_ONES[number],)


def _spoken(token: str, knows: Callable[[str], bool]) -> tuple[str, ...]:
    if knows(token):
        return (token,)
    word = token.strip(_PUNCTUATION)
    if not word:
        return ()
    if knows(word) or _ORDINAL.fullmatch(word):
        return (word,)
    if clock := _CLOCK.fullmatch(word):
        return (*_clock_words(int(clock[1]), int(clock[2])), *_spoken(clock[3], knows))
    if _GROUPED.fullmatch(word):
        return _digits_spoken(word.replace(",", ""))
    if word.isascii() and word.isdecimal():
        return _digits_spoken(word)
    parts = _JOINTS.split(word)
    if len(parts) == 1:
        parts = _DIGITS_OR_NOT.findall(word)
    if len(parts) == 1:
        return (word,)
    return tuple(spoken for part in parts for spoken in _spoken(part, knows))


def _clock_words(hour: int, minute: int) -> tuple[str, ...]:
    if minute == 0:
        return (*number_words(hour), "o'clock")
    if minute < 10:
        return (*number_words(hour), "oh", _ONES[minute])
    return (*number_words(hour), *number_words(minute))


def _digits_spoken(digits: str) -> tuple[str, ...]:
    """Read a number as such; one that starts with zero or is very long is read digit by digit."""
    if digits == "0" or (not digits.startswith("0") and int(digits) <= _LARGEST):
        return number_words(int(digits))
    return tuple(_ONES[int(digit)] for digit in digits)
