"""The form in which words are compared, and where in a text each of them stands.

Pure: imports neither Django nor asyncio.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

# Straight, curly and modifier apostrophes, and the accents that are typed in their place.
_APOSTROPHES = dict.fromkeys(map(ord, "'’‘ʼ`´"))

# The block of the accents of Latin, Greek and Cyrillic letters. Vowel signs and other marks
# that belong to the spelling of Hindi, Arabic, Thai, Japanese… have blocks of their own.
_ACCENTS = re.compile("[\u0300-\u036f]+")

# Written without spaces: Thai and Lao, Burmese, Khmer, kana, Han.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff]"
)

_KEYS = re.compile(r"\s*([0-9*#]+)\s*")
_BETWEEN_SPACES = re.compile(r"\S+")

# What belongs to a value although no word begins with it: “+31 20…”, “(020)…”.
_OPENERS = "+("

# Longer pieces between two spaces are rare outside scripts without spaces; they are not kept.
_MAX_CACHED = 40

# A word, and where the characters that it was made of begin and end.
_Word = tuple[str, int, int]


def normalise(text: str) -> tuple[str, ...]:
    """Return the words of a text in the form in which they are compared.

    Case, accents, punctuation and apostrophes go ("Don’t!" is "dont"), a hyphen is a space.
    In scripts that are written without spaces each character, with its marks, is a word.
    A text of nothing but keys of a telephone ("1", "*9", "#") is one word, kept as it is.
    """
    keys = _KEYS.fullmatch(text)
    if keys is not None:
        return (keys[1],)
    return tuple(
        [word for piece in _BETWEEN_SPACES.findall(text) for word, _, _ in _words_in(piece)]
    )


@dataclass(frozen=True, slots=True)
class Utterance:
    """A text as its words, with the way back from words to the text as it was said.

    `bounds` says of each word where the characters that it was made of begin and end.
    """

    text: str
    words: tuple[str, ...]
    bounds: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, text: str) -> Self:
        """Split a text into words: the same ones as `normalise` gives."""
        keys = _KEYS.fullmatch(text)
        if keys is not None:
            return cls(text, (keys[1],), (keys.span(1),))
        words = [
            (word, piece.start() + begin, piece.start() + end)
            for piece in _BETWEEN_SPACES.finditer(text)
            for word, begin, end in _words_in(piece[0])
        ]
        return cls(
            text,
            tuple([word for word, _, _ in words]),
            tuple([(begin, end) for _, begin, end in words]),
        )

    def said(self, first: int, last: int) -> str:
        """Return the words from `first` up to but without `last` as they were said."""
        begin, end = self.bounds[first][0], self.bounds[last - 1][1]
        while begin and self.text[begin - 1] in _OPENERS:
            begin -= 1
        return self.text[begin:end]


def _words_in(piece: str) -> tuple[_Word, ...]:
    """Return the words of a piece without spaces; one word of plain letters is most of speech."""
    if piece.isascii() and piece.isalnum():
        return ((piece.lower(), 0, len(piece)),)
    return _words_in_cached(piece) if len(piece) <= _MAX_CACHED else _split(piece)


def _split(piece: str) -> tuple[_Word, ...]:
    """Part a piece where a character belongs to no word, and in unspaced scripts everywhere."""
    runs: list[tuple[int, int]] = []
    begin: int | None = None
    unspaced = False
    for place, character in enumerate(piece):
        decomposed = unicodedata.normalize("NFKD", character)
        categories = {unicodedata.category(part)[0] for part in decomposed}
        if not categories.isdisjoint("LN") and ord(character) not in _APOSTROPHES:
            was_unspaced, unspaced = unspaced, _UNSPACED.search(decomposed) is not None
            if begin is not None and (unspaced or was_unspaced):
                runs.append((begin, place))
                begin = None
            begin = place if begin is None else begin
        elif not _stands_inside_words(character, categories) and begin is not None:
            runs.append((begin, place))
            begin = None
    if begin is not None:
        runs.append((begin, len(piece)))
    return tuple([(word, begin, end) for begin, end in runs for word in _fold(piece[begin:end])])


_words_in_cached = lru_cache(maxsize=1 << 14)(_split)


def _stands_inside_words(character: str, categories: set[str]) -> bool:
    """Whether a character that is no letter leaves a word whole: apostrophes, marks, joiners."""
    return (
        ord(character) in _APOSTROPHES
        or categories == {"M"}
        or unicodedata.category(character) == "Cf"
    )


def _fold(run: str) -> list[str]:
    """Return the words of a run of characters; two where one of them stands for several (½)."""
    text = unicodedata.normalize("NFKD", run.translate(_APOSTROPHES)).casefold()
    text = _ACCENTS.sub("", unicodedata.normalize("NFKD", text).translate(_APOSTROPHES))
    pieces: list[str] = []
    unspaced = False
    for character in unicodedata.normalize("NFC", text):
        category = unicodedata.category(character)
        if category[0] in "LN":
            was_unspaced, unspaced = unspaced, _UNSPACED.match(character) is not None
            pieces.append(f" {character}" if unspaced or was_unspaced else character)
        elif category[0] == "M":
            if pieces and pieces[-1] != " ":  # a mark without a letter before it says nothing
                pieces.append(character)
        elif category != "Cf":  # joiners and soft hyphens stand inside words
            pieces.append(" ")
    return "".join(pieces).split()
