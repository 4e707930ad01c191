"""Numbers: "twenty five", "twelve point five", "two and a half", "1,200", "2.5 million"."""

import datetime
import re
import unicodedata
from decimal import Decimal

from chatbot.values.kind import Kind
from chatbot.values.languages import number_words, vocabulary_of
from chatbot.values.locale import locale_of
from chatbot.values.numerals import in_figures
from chatbot.values.text import fold, without_accents, words_of
from chatbot.values.vocabulary import Vocabulary

_CANONICAL = re.compile(r"(?!-0$)-?(0|[1-9][0-9]*)(\.[0-9]*[1-9])?")
_PLAIN = re.compile(r"\d+(?:[.,]\d+)?")
# By the decimal sign. Commas, points or spaces stand before every three digits.
_GROUPED = {
    ".": re.compile(r"\d{1,3}(?:(?:,\d{3})+|(?: \d{3})+)(?:\.\d+)?"),
    ",": re.compile(r"\d{1,3}(?:(?:\.\d{3})+|(?: \d{3})+)(?:,\d+)?"),
}


def _read(text: str, language: str, today: datetime.date) -> str | None:
    # Recognizers write "$25" for twenty-five dollars.
    text = "".join(" " if unicodedata.category(sign) == "Sc" else sign for sign in fold(text))
    text = text.strip().rstrip("!?.")
    vocabulary = vocabulary_of(language)
    unsigned = text.removeprefix("-").removeprefix("−").strip()
    negative = unsigned != text
    if not negative:
        first, _, rest = text.partition(" ")
        if first in vocabulary.minus:
            negative, unsigned = True, rest.strip()
    number = _scaled(unsigned, language, vocabulary)
    if number is None:
        number = _in_words(words_of(unsigned), language, vocabulary)
    return None if number is None else _canonical(number, negative)


def _scaled(text: str, language: str, vocabulary: Vocabulary) -> str | None:
    """Return a number that is written in figures, or in figures and a magnitude."""
    figures, _, scale = text.rpartition(" ")
    if scale in vocabulary.scales:
        number = _in_figures(figures, language)
        return None if number is None else format(Decimal(number) * vocabulary.scales[scale], "f")
    return _in_figures(text, language)


def _in_figures(text: str, language: str) -> str | None:
    """Return a number in figures with a point and no grouping.

    What groups in the language is a decimal sign where no three digits follow it.
    """
    sign = _decimal_sign(language)
    if _GROUPED[sign].fullmatch(text):
        grouping = "," if sign == "." else "."
        return text.replace(grouping, "").replace(" ", "").replace(",", ".")
    return text.replace(",", ".") if _PLAIN.fullmatch(text) else None


def _decimal_sign(language: str) -> str:
    locale = locale_of(language)
    sign = locale.number_symbols.get("latn", {}).get("decimal") if locale else None
    return "," if sign == "," else "."


def _in_words(words: list[str], language: str, vocabulary: Vocabulary) -> str | None:
    """Return the number that words say, with a fraction after it or without."""
    for size in (3, 2, 1):
        fraction = vocabulary.fractions.get(" ".join(map(without_accents, words[-size:])))
        if fraction is None or len(words) < size:
            continue
        whole = words[:-size]
        if not whole:
            return fraction
        if whole.pop() in vocabulary.ands:
            return _with_fraction(whole, fraction, language, vocabulary)
    if len(words) == 1:
        for ending, fraction in vocabulary.fraction_endings.items():
            if without_accents(words[0]).endswith(ending):
                whole = [without_accents(words[0]).removesuffix(ending)]
                return _with_fraction(whole, fraction, language, vocabulary)
    if len(words) > 1 and words[0] in vocabulary.articles and words[1] in vocabulary.scales:
        words = ["one", *words[1:]]
    return _one_number(words, language)


def _with_fraction(
    words: list[str], fraction: str, language: str, vocabulary: Vocabulary
) -> str | None:
    whole = _one_number(words, language)
    if whole is None or "." in whole:
        return None
    return format(Decimal(whole) + Decimal(fraction), "f")


def _one_number(words: list[str], language: str) -> str | None:
    """Return the one number that words say. Several in a row are digits, and no number."""
    figures = " ".join(in_figures(words, language))
    return figures.replace(",", ".") if _PLAIN.fullmatch(figures) else None


def _canonical(number: str, negative: bool) -> str:
    whole, _, decimals = number.partition(".")
    whole, decimals = whole.lstrip("0") or "0", decimals.rstrip("0")
    text = f"{whole}.{decimals}" if decimals else whole
    return f"-{text}" if negative and text != "0" else text


def _speak(value: str, said: str, language: str) -> str:
    return value.replace(".", _decimal_sign(language))


def _is_canonical(value: str) -> bool:
    return _CANONICAL.fullmatch(value) is not None


KIND = Kind(
    name="number",
    label="number, such as an amount",
    max_words=10,
    example="25",
    reader=_read,
    speaker=_speak,
    is_canonical=_is_canonical,
    typical=number_words,
)
