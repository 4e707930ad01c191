"""Which words of a vocabulary a spoken word may stand for: inflections and small mishearings.

Pure: imports neither Django nor asyncio.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from threading import Lock
from types import MappingProxyType
from typing import TypeVar

import Stemmer
from rapidfuzz.distance import OSA

MIN_LETTERS = 4
"""Shorter words are never taken for another."""

MAX_EDITS = 2
"""Words in which more letters differ are never mistaken for each other."""

INFLECTION = 0.95
"""How alike two forms of one word are, however many letters their endings have."""

# Two letters deleted from each of the first seven find all pairs that are two edits apart,
# however long the words; the candidates are measured in full afterwards.
_PREFIX = 7

# Words that turn round what is said, in English, Dutch, German, French and Spanish. Apostrophes
# are gone: "don't" is "dont".
_NEGATING = """
no not never none nobody nothing nowhere neither nor without cannot cant dont doesnt didnt wont
wouldnt couldnt shouldnt isnt arent wasnt werent hasnt havent hadnt aint mustnt neednt
nee niet niets nooit niemand nergens geen noch zonder
nein nicht nichts nie niemals niemand nirgends kein keine keinen keinem keiner keines ohne
non pas jamais rien personne aucun aucune sans nunca nada nadie ninguno ninguna sin
"""
_NEGATIONS = frozenset(_NEGATING.split())

# By the primary subtag of BCP 47. Dutch has two that miss different inflections.
_STEMMERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "ca": ("catalan",),
        "da": ("danish",),
        "de": ("german",),
        "el": ("greek",),
        "en": ("english",),
        "es": ("spanish",),
        "fi": ("finnish",),
        "fr": ("french",),
        "hu": ("hungarian",),
        "it": ("italian",),
        "nb": ("norwegian",),
        "nl": ("dutch", "dutch_porter"),
        "no": ("norwegian",),
        "pl": ("polish",),
        "pt": ("portuguese",),
        "ro": ("romanian",),
        "ru": ("russian",),
        "sv": ("swedish",),
        "tr": ("turkish",),
    }
)

_Key = TypeVar("_Key")

# A stemmer works in a buffer of its own, so two threads may not use it at once.
_stemmers_lock = Lock()


def may_be_near(word: str) -> bool:
    """Whether a word is ever taken for another, or another for it.

    It has at least MIN_LETTERS letters and no digit in it, and does not negate: "1234" is
    another order than "1235", and who says "don't" does not say "done".
    """
    if len(word) < MIN_LETTERS or word in _NEGATIONS:
        return False
    return word.isalpha() or not any(map(str.isnumeric, word))


def may_be_joined(left: str, right: str) -> bool:
    """Whether two words may be one word that was written apart, such as "good bye".

    A negation stays one: "can not" is "cannot", but "not able" is not "notable".
    """
    joined = left + right
    if joined in _NEGATIONS:
        return True
    return _NEGATIONS.isdisjoint((left, right)) and may_be_near(joined)


class NearWords:
    """Finds the words of a vocabulary that are like a given one.

    Two words are alike where `may_be_near` allows it for both, and either

    - they are forms of one word (equal stems, where the language has a stemmer), which makes
      them INFLECTION alike, or
    - they begin with the same letter (so that "unavailable" is not "available", nor "ever"
      "never") and at most MAX_EDITS letters differ: one left out, added, replaced, or two
      neighbours swapped. The similarity is 1 less the share of letters that differ, of the
      longer word: of "cancel" and "channel" 5/7.

    A word of the vocabulary is no mishearing of another one: who says "contract" to a bot that
    knows both does not mean "contact". It may still be a form of another one.

    `least` is the least similarity of what is found, in 0..1. The vocabulary is kept by its
    stems, and by its words with as many letters deleted as may differ: a look-up costs a few
    look-ups in dicts, whatever the size of the vocabulary, and rapidfuzz measures the few words
    that these give.
    """

    def __init__(self, vocabulary: Iterable[str], language: str, *, least: float) -> None:
        self._algorithms = _STEMMERS.get(language.partition("-")[0].lower(), ())
        self._least = least
        self._vocabulary = dict.fromkeys(vocabulary)
        # Several words stand in one text, parted by spaces: of tens of thousands of lists or
        # tuples instead, the garbage collector would take longer than all else here.
        self._by_stem: dict[tuple[str, str], str] = {}
        self._by_deletion: dict[str, str] = {}
        for word in self._vocabulary:
            if may_be_near(word):
                for stem in self._stems(word):
                    _append(self._by_stem, stem, word)
                for rest in _deletions_kept(word, self._most_edits(word)):
                    _append(self._by_deletion, rest, word)

    def find(self, word: str) -> tuple[tuple[str, float], ...]:
        """Return the words that are like one, each with its similarity: the most alike first.

        The word itself is not among them.
        """
        if not may_be_near(word):
            return ()
        found = {} if word in self._vocabulary else dict(self._mishearings(word))
        for inflection in self.inflections(word):
            found[inflection] = max(INFLECTION, found.get(inflection, 0.0))
        found.pop(word, None)
        return tuple(sorted(found.items(), key=lambda item: (-item[1], item[0])))

    def inflections(self, word: str) -> tuple[str, ...]:
        """Return the words that are forms of one, itself too if it is in the vocabulary."""
        if self._least > INFLECTION or not may_be_near(word):
            return ()
        return tuple(
            dict.fromkeys(
                near for stem in self._stems(word) for near in self._by_stem.get(stem, "").split()
            )
        )

    def _mishearings(self, word: str) -> Iterator[tuple[str, float]]:
        most = self._most_edits(word)
        candidates: set[str] = set()
        for rest in _deletions(word, most):
            words = self._by_deletion.get(rest)
            if words is not None:
                candidates.update(words.split())
        for near in candidates:
            longest = max(len(word), len(near))
            edits = OSA.distance(word, near, score_cutoff=most)
            similarity = (longest - edits) / longest
            if edits <= most and similarity >= self._least:
                yield near, similarity

    def _most_edits(self, word: str) -> int:
        """Return how many letters may differ; an added letter is the edit that costs least."""
        size = len(word)
        return max(n for n in range(MAX_EDITS + 1) if size / (size + n) >= self._least)

    def _stems(self, word: str) -> list[tuple[str, str]]:
        return [(algorithm, _stem(algorithm, word)) for algorithm in self._algorithms]


def _append(index: dict[_Key, str], key: _Key, word: str) -> None:
    known = index.get(key)
    index[key] = word if known is None else f"{known} {word}"


@lru_cache
def _stemmer(algorithm: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(algorithm)


@lru_cache(maxsize=1 << 16)
def _stem(algorithm: str, word: str) -> str:
    with _stemmers_lock:
        stem: str = _stemmer(algorithm).stemWord(word)
    return stem


def _deletions(word: str, most: int) -> list[str]:
    """Return the begin of a word with up to `most` letters deleted, but never the first."""
    shortened = [word[:_PREFIX]]
    found = shortened
    for _ in range(most):
        shortened = [
            text[:place] + text[place + 1 :] for text in shortened for place in range(1, len(text))
        ]
        found = found + shortened
    return found


@lru_cache(maxsize=1 << 15)
def _deletions_kept(word: str, most: int) -> tuple[str, ...]:
    """Return the deletions of a word of the vocabulary: most words stay when a bot changes."""
    return tuple(dict.fromkeys(_deletions(word, most)))
