"""Number words as figures, by text2num."""

from collections.abc import Sequence
from functools import lru_cache

from text_to_num import alpha2digit

# Those whose number words text2num knows.
_LANGUAGES = frozenset({"de", "en", "es", "fr", "it", "nl", "pt"})


def in_figures(words: Sequence[str], language: str) -> list[str]:
    """Return words with every run of number words in figures.

    "twelve point five" gives ["12.5"], "forty four seventy seven" gives ["44", "77"], "the first"
    gives ["the", "1st"]. Languages without known number words give back the words.
    """
    base = language.partition("-")[0].lower()
    if base in _LANGUAGES and any(_is_number_word(word, base) for word in words):
        return _convert(" ".join(words), base).split()
    return list(words)


@lru_cache(maxsize=8192)
def _is_number_word(word: str, base: str) -> bool:
    """Tell whether a word changes alone, remembered: to ask costs more than all else of a reading.

    No run of words is a number without one that is.
    """
    return _convert(word, base) != word


def _convert(text: str, base: str) -> str:
    converted: str = alpha2digit(text, base, threshold=0)
    return converted
