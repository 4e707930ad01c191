"""Which intent an utterance means, and why.

Pure: imports neither Django nor asyncio.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chatbot.script import Script, ScriptIntent

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


def normalise(text: str) -> tuple[str, ...]:
    """Return the words of a text in the form in which they are compared.

    Case, accents, punctuation and apostrophes go ("Don’t!" is "dont"), a hyphen is a space.
    In scripts that are written without spaces each character, with its marks, is a word.
    """
    text = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES)).casefold()
    text = _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
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
    return tuple("".join(pieces).split())


class MatchKind(StrEnum):
    """How much of the utterance a keyword matched."""

    EXACT = "exact"
    PHRASE = "phrase"


@dataclass(frozen=True, slots=True)
class Match:
    """An intent, and the keyword (as the editor wrote it) that was found in the utterance.

    `score` is the share of the utterance's letters that the keyword covers, in 0..1;
    an exact match has 1.
    """

    intent_id: int
    intent: str
    keyword: str
    kind: MatchKind
    score: float


@dataclass(slots=True)
class _Node:
    """The place in the index that is reached by a row of words, and the keyword that ends there."""

    next: dict[str, _Node] = field(default_factory=dict)
    intent: ScriptIntent | None = None
    keyword: str = ""


class Matcher:
    """Finds the keywords of a script in utterances.

    The keywords are kept as a tree of dicts, word by word: the cost of an utterance is one
    lookup for every word, and one more for every further word of a keyword that may begin
    there. It does not depend on the number of keywords.
    """

    def __init__(self, script: Script) -> None:
        self._root = _Node()
        self._longest = 0  # keyword, in words
        for intent in script.intents:
            for keyword in intent.keywords:
                self._add(intent, keyword)

    def _add(self, intent: ScriptIntent, keyword: str) -> None:
        words = normalise(keyword)
        if not words:
            return
        node = self._root
        for word in words:
            node = node.next.setdefault(word, _Node())
        if node.intent is None:  # the earlier intent keeps the keyword
            node.intent, node.keyword = intent, keyword
        self._longest = max(self._longest, len(words))

    def match(self, text: str) -> Match | None:
        """Find the keyword that says most about the text, or None where there is none.

        The keyword that is the whole text wins, else the one with most words, then most
        letters; then the one that stands earlier in the text; then the earlier intent.
        """
        words = normalise(text)
        best: _Node | None = None
        best_size = (0, 0)
        for start in range(len(words)):
            for node, size in self._keywords_at(words, start):
                if size > best_size:
                    best, best_size = node, size
        if best is None or best.intent is None:
            return None
        return Match(
            intent_id=best.intent.id,
            intent=best.intent.name,
            keyword=best.keyword,
            kind=MatchKind.EXACT if best_size[0] == len(words) else MatchKind.PHRASE,
            score=best_size[1] / sum(map(len, words)),
        )

    def _keywords_at(
        self, words: tuple[str, ...], start: int
    ) -> Iterator[tuple[_Node, tuple[int, int]]]:
        """Yield the keywords that begin at a word, each with its size in words and letters."""
        node = self._root
        count = letters = 0
        for word in words[start : start + self._longest]:
            following = node.next.get(word)
            if following is None:
                return
            node, count, letters = following, count + 1, letters + len(word)
            if node.intent is not None:
                yield node, (count, letters)
