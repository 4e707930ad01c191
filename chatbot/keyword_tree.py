"""The keywords of a bot as a tree, word by word.

Pure: imports neither Django nor asyncio.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from chatbot.near_words import may_be_joined
from chatbot.normalise import normalise
from chatbot.patterns import Blank, PatternError, parse

if TYPE_CHECKING:
    from chatbot.script import ScriptIntent

Pair = tuple[str, str]
_Key = TypeVar("_Key")
_Value = TypeVar("_Value")

# Most nodes are the end of a keyword. Three empty dicts for each of ten thousand would take as
# long to make, and for the garbage collector to visit, as all the rest.
_NONE: Mapping[Any, Any] = MappingProxyType({})
_NO_INTENTS: frozenset[int] = frozenset()

MAX_INTENTS = 4
"""How many intents one matching names: of a keyword that more intents share, so many are kept."""


@dataclass(frozen=True, slots=True)
class Spelling:
    """What there is to know of a keyword by its text alone.

    `steps` are its words and blanks, `letters` counts those of its words. `pairs` are words
    next to each other, with the word that they are when written together.
    """

    steps: tuple[str | Blank, ...]
    letters: int
    pairs: tuple[tuple[str, Pair], ...]
    has_blanks: bool


@dataclass(frozen=True, slots=True, eq=False)
class Keyword:
    """A keyword of an intent. `text` is as the editor wrote it.

    `place` is its place among all keywords of the bot.
    """

    place: int
    intent: ScriptIntent
    text: str
    spelling: Spelling

    def is_considered(self, after: int | None) -> bool:
        """Whether callers can mean it right after the intent with this id was answered."""
        return not self.intent.follows or after in self.intent.follows


class Node:
    """The place in the tree that is reached by a row of words and blanks.

    `words` are the ways on by a word, `blanks` those by the kind of a blank; `height` is the
    longest way on, in words and blanks. `general` are the keywords that end here and can be
    meant at any time, `follow_ups` those of follow-ups, by the intent that they follow: each
    the first MAX_INTENTS in the order of the bot, and of one intent at most one.
    `has_general_below` tells of longer keywords that can be meant at any time, `followed_below`
    which intents longer keywords follow.
    """

    __slots__ = (
        "blanks",
        "follow_ups",
        "followed_below",
        "general",
        "has_blanks_below",
        "has_general_below",
        "height",
        "is_end",
        "words",
    )

    def __init__(self) -> None:
        self.words: Mapping[str, Node] = _NONE
        self.blanks: Mapping[str, Node] = _NONE
        self.height = 0
        self.has_blanks_below = False
        self.has_general_below = False
        self.followed_below: frozenset[int] = _NO_INTENTS
        self.is_end = False
        self.general: tuple[Keyword, ...] = ()
        self.follow_ups: Mapping[int, tuple[Keyword, ...]] = _NONE

    def step(self, step: str | Blank) -> Node:
        """Go on by a word or a blank, on a way that is made where there is none."""
        if isinstance(step, str):
            following = self.words.get(step)
            if following is None:
                following = Node()
                self.words = _with(self.words, step, following)
        else:
            following = self.blanks.get(step.kind)
            if following is None:
                following = Node()
                self.blanks = _with(self.blanks, step.kind, following)
        return following

    def keywords(self, after: int | None) -> tuple[Keyword, ...]:
        """Return the keywords that end here and can be meant after the intent with this id."""
        if after is None or not self.follow_ups:
            return self.general
        return self.follow_ups.get(after, ()) + self.general

    def goes_on(self, after: int | None) -> bool:
        """Whether a longer keyword leads through here that can be meant after this intent."""
        return self.has_general_below or after in self.followed_below

    def lead_to(self, intent: ScriptIntent) -> None:
        """Note that a longer keyword of an intent leads through here."""
        if not intent.follows:
            self.has_general_below = True
        elif not self.followed_below.issuperset(intent.follows):
            self.followed_below = self.followed_below.union(intent.follows)

    def add(self, keyword: Keyword) -> None:
        """Let a keyword end here."""
        self.is_end = True
        if not keyword.intent.follows:
            self.general = _first_of(self.general, keyword)
        for followed in keyword.intent.follows:
            keywords = _first_of(self.follow_ups.get(followed, ()), keyword)
            self.follow_ups = _with(self.follow_ups, followed, keywords)


class KeywordTree:
    """The keywords of a bot's intents.

    `vocabulary` are the words of the keywords, each with the keywords that it stands in (once
    for each time it does). `neighbours` are the pairs of words that follow each other in a
    keyword, by the word that they are when written together. A keyword that cannot be read (the
    editor is told when it is saved) or has no word in it is not there: it matches nothing.
    """

    def __init__(self, intents: Iterable[ScriptIntent]) -> None:
        self.root = Node()
        self.vocabulary: dict[str, list[Keyword]] = {}
        self.neighbours: dict[str, list[Pair]] = {}
        place = 0
        for intent in intents:
            for text in intent.keywords:
                spelling = _spelling(text)
                if spelling.steps:
                    self._add(Keyword(place, intent, text, spelling))
                place += 1
        self._in_order = sorted(self.vocabulary)

    def longer_words(self, begin: str) -> Iterator[str]:
        """Yield the words of the vocabulary that begin with these letters and have more."""
        for place in range(bisect_right(self._in_order, begin), len(self._in_order)):
            word = self._in_order[place]
            if not word.startswith(begin):
                return
            yield word

    def _add(self, keyword: Keyword) -> None:
        spelling = keyword.spelling
        node = self.root
        height = len(spelling.steps)
        for step in spelling.steps:
            if height > node.height:
                node.height = height
            height -= 1
            if spelling.has_blanks:
                node.has_blanks_below = True
            node.lead_to(keyword.intent)
            if isinstance(step, str):
                known = self.vocabulary.get(step)
                if known is None:
                    known = self.vocabulary[step] = []
                known.append(keyword)
            node = node.step(step)
        node.add(keyword)
        for joined, pair in spelling.pairs:
            pairs = self.neighbours.setdefault(joined, [])
            if pair not in pairs:
                pairs.append(pair)


def _with(mapping: Mapping[_Key, _Value], key: _Key, value: _Value) -> Mapping[_Key, _Value]:
    """Put an item into a mapping of a node, which has a dict of its own from the first one on."""
    if not isinstance(mapping, dict):
        return {key: value}
    mapping[key] = value
    return mapping


def _first_of(keywords: tuple[Keyword, ...], keyword: Keyword) -> tuple[Keyword, ...]:
    if len(keywords) == MAX_INTENTS or any(known.intent is keyword.intent for known in keywords):
        return keywords
    return (*keywords, keyword)


@lru_cache(maxsize=1 << 16)
def _spelling(text: str) -> Spelling:
    """Read a keyword. Kept, because most keywords stay when a bot changes and is built anew."""
    steps = _steps(text)
    return Spelling(
        steps,
        sum(len(step) for step in steps if isinstance(step, str)),
        tuple(
            (left + right, (left, right))
            for left, right in pairwise(steps)
            if isinstance(left, str) and isinstance(right, str) and may_be_joined(left, right)
        ),
        any(isinstance(step, Blank) for step in steps),
    )


def _steps(text: str) -> tuple[str | Blank, ...]:
    if "{" not in text and "}" not in text:
        return normalise(text)
    try:
        parts = parse(text).parts
    except PatternError:
        return ()
    return tuple(
        step for part in parts for step in ((part,) if isinstance(part, Blank) else normalise(part))
    )
