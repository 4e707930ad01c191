"""Which words the offline engine can hear: its own dictionary, and pronunciations given by hand."""

import itertools
import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from calls.speech.offline.wording import spoken_words

# The phones of the acoustic model, in ARPAbet without stress marks, as in its dictionary:
# https://github.com/cmusphinx/pocketsphinx/tree/master/model/en-us
_ARPABET = (
    "AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W "
    "Y Z ZH"
)
PHONES = frozenset(_ARPABET.split())

_STRESS = re.compile(r"(?<=[A-Z])[012]\b")
_WORD = re.compile(r"[^\s()]+")


def is_english(language: str) -> bool:
    """Say whether a BCP-47 tag names English; the engine's model knows no other language."""
    return language.casefold().partition("-")[0] == "en"


def normalise_phones(phones: str) -> str:
    """Give phones in upper case, one space apart, without stress marks (AH0 becomes AH)."""
    return _STRESS.sub("", " ".join(phones.upper().split()))


class Lexicon:
    """The model's dictionary, and beside it the (word, phones) pairs given by hand.

    A pair whose phones the model does not have is left out: see `pronunciation_problems`.
    """

    def __init__(self, pronunciations: Sequence[tuple[str, str]] = ()) -> None:
        self._given: dict[str, list[str]] = {}
        for word, phones in pronunciations:
            if not pronunciation_problems(word, phones):
                self._given.setdefault(_key(word), []).append(normalise_phones(phones))

    def __contains__(self, word: str) -> bool:
        return word in self._given or bool(_dictionary_sounds(word))

    def sounds(self, word: str) -> tuple[str, ...]:
        """Give every pronunciation of a word, those given by hand first; none where unknown."""
        sounds = [*self._given.get(word, ()), *_dictionary_sounds(word)]
        return tuple(dict.fromkeys(sounds))


def unknown_words(phrase: str, lexicon: Lexicon) -> tuple[str, ...]:
    """Give the words of a phrase that have no pronunciation, in their order."""
    words = spoken_words(phrase, lexicon.__contains__)
    return tuple(dict.fromkeys(word for word in words if word not in lexicon))


def keyword_problems(
    text: str, language: str, pronunciations: Sequence[tuple[str, str]] = ()
) -> list[str]:
    """Say, for the editor of a bot, why callers cannot be heard saying `text`; empty if not so.

    `language` is a BCP-47 tag; `pronunciations` are the (word, phones) pairs given by hand.
    """
    if not is_english(language):
        return [
            f'The offline recognizer understands English only, and the language is "{language}": '
            f'callers cannot be heard saying "{text}". Choose another recognizer '
            "(RECOGNIZER=google) or an English language."
        ]
    lexicon = Lexicon(pronunciations)
    words = spoken_words(text, lexicon.__contains__)
    if not words:
        return [f'"{text}" has no word that a caller could say.']
    problems = [
        problem
        for word, phones in pronunciations
        if _key(word) in words
        for problem in pronunciation_problems(word, phones)
    ]
    return problems + [
        f'The offline recognizer does not know the word "{word}": callers cannot be heard saying '
        f'"{text}" until you give its pronunciation.'
        for word in unknown_words(text, lexicon)
    ]


def pronunciation_problems(word: str, phones: str) -> list[str]:
    """Say what is wrong with a pronunciation given by hand; empty where nothing is."""
    if not _WORD.fullmatch(word):
        return [f'A pronunciation is given for one word at a time, and "{word}" is not one word.']
    given = normalise_phones(phones).split()
    if not given:
        return [f'The pronunciation of "{word}" is empty.']
    strange = [phone for phone in dict.fromkeys(given) if phone not in PHONES]
    if not strange:
        return []
    return [
        f'The pronunciation of "{word}" has sounds that the offline recognizer does not know: '
        f"{', '.join(strange)}. It knows {' '.join(sorted(PHONES))}."
    ]


def _key(word: str) -> str:
    """Give a word as `spoken_words` would, were it known."""
    return " ".join(spoken_words(word, lambda _: True))


@cache
def _dictionary() -> list[str]:
    """Give the lines of the model's dictionary in order: `word PH ON ES`, variants as `word(2)`.

    Sorted lines take a third of the memory that a dict of the same 130,000 words would.
    """
    from pocketsphinx import get_model_path  # a web process that asks nothing need not load it

    text = Path(get_model_path("en-us/cmudict-en-us.dict")).read_text(encoding="utf-8")
    return sorted(text.splitlines())


def _dictionary_sounds(word: str) -> list[str]:
    if not _WORD.fullmatch(word):
        return []
    return _lines_from(f"{word} ") + _lines_from(f"{word}(")


def _lines_from(beginning: str) -> list[str]:
    """Give the phones of every dictionary line that begins so."""
    lines = _dictionary()
    found = itertools.takewhile(
        lambda line: line.startswith(beginning),
        (lines[index] for index in range(bisect_left(lines, beginning), len(lines))),
    )
    return [line.partition(" ")[2] for line in found]
