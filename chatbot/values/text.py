"""Texts in the form in which values are read."""

import re
import unicodedata

_APOSTROPHES = dict.fromkeys(map(ord, "'’‘ʼ`´"))
_ACCENTS = re.compile("[\u0300-\u036f]+")
_WORDS = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    """Return a text in lower case, in ASCII digits, without apostrophes ("o’clock": "oclock").

    Accents stay, for number words that have them; so does punctuation.
    """
    text = unicodedata.normalize("NFKC", text.translate(_APOSTROPHES)).casefold()
    if not text.isascii():
        text = "".join(map(_plain, unicodedata.normalize("NFKC", text)))
    return text.strip()


def _plain(character: str) -> str:
    if unicodedata.category(character) == "Cf":  # joiners and soft hyphens stand inside words
        return ""
    return str(unicodedata.decimal(character)) if character.isdecimal() else character


def without_accents(text: str) -> str:
    """Return a folded text without the accents of Latin, Greek and Cyrillic letters."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFKD", text)))


def words_of(text: str) -> list[str]:
    """Return the words and numerals of a folded text: "twenty-five, please" has three."""
    return _WORDS.findall(text)
