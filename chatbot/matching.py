"""Which intent an utterance means, and why.

Pure: imports neither Django nor asyncio.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import chain
from typing import TYPE_CHECKING

from chatbot.closest_keywords import closest_keywords
from chatbot.keyword_search import KeywordSearch, Occurrence
from chatbot.keyword_tree import MAX_INTENTS, Keyword, KeywordTree
from chatbot.near_words import NearWords
from chatbot.normalise import Utterance, normalise
from chatbot.patterns import Blank
from chatbot.values import Value

if TYPE_CHECKING:
    from chatbot.script import ScriptIntent

__all__ = ["Match", "MatchKind", "Matcher", "Matching", "normalise"]

MAX_RUNNERS_UP = MAX_INTENTS - 1

# Words that are less alike are not shown to the editor as what a caller nearly said.
_CLOSE = 0.8


class MatchKind(StrEnum):
    """How a keyword matched, the surest first."""

    EXACT = "exact"
    """The keyword is the whole utterance."""
    PHRASE = "phrase"
    """The keyword stands in the utterance, or leaves some of it to a blank for any words."""
    NEAR = "near"
    """Words of the keyword were heard in another form or a little wrong; see `NearWords`."""
    OPEN = "open"
    """A blank for any words took what was said; no word of the keyword was needed."""


_SUREST_FIRST = {kind: place for place, kind in enumerate(MatchKind)}


@dataclass(frozen=True, slots=True)
class Match:
    """An intent, and its keyword (as the editor wrote it) that was heard or nearly so.

    `score` is in 0..1. Of an exact match or a phrase it is the share of the utterance's letters
    that the keyword's words and typed blanks cover, of an open match the share that the blank
    took. Of a near match it is how alike the words are, by their letters. `values` are what the
    blanks took, by their names. `is_follow_up` tells that the intent was considered only
    because of the one answered before.
    """

    intent_id: int
    intent: str
    keyword: str
    kind: MatchKind
    score: float
    values: tuple[tuple[str, Value], ...] = ()
    is_follow_up: bool = False

    @property
    def is_certain(self) -> bool:
        """Whether a keyword was heard word for word."""
        return self.kind in {MatchKind.EXACT, MatchKind.PHRASE}


@dataclass(frozen=True, slots=True)
class Matching:
    """What an utterance matched, and what it might have meant instead.

    `runners_up` are of other intents than the best, one of each, the best first, and at most
    MAX_RUNNERS_UP. Where nothing matched they are near matches that stayed under the threshold.
    """

    best: Match | None
    runners_up: tuple[Match, ...]


class Matcher:
    """Finds what utterances mean among the keywords of a bot's intents.

    `intents` stand in the order in which they win ties. `threshold` is the least similarity of
    near matches in percent, from 50 to 100; at 100 there are none, and words count only as they
    are spaced in the keyword. `language` is a BCP-47 tag.

    A built matcher never changes, so that threads may share it.
    """

    def __init__(
        self,
        intents: Iterable[ScriptIntent],
        *,
        threshold: int = 85,
        language: str = "en-US",
    ) -> None:
        self._similarity = threshold / 100
        self._language = language
        self._tree = KeywordTree(intents)
        least = min(self._similarity, _CLOSE)
        self._near_words = NearWords(self._tree.vocabulary, language, least=least)

    def find(
        self, text: str, *, after: int | None = None, today: date, language: str = ""
    ) -> Matching:
        """Find what a text means, right after the intent with the id `after` was answered.

        `today` is the day at the bot, for blanks that hold dates; `language` is that in which
        blanks are read where callers were asked for another one than the bot's. Never raises,
        whatever the text.

        The surest kind of match wins; of one kind a follow-up before what can be said at any
        time; of near matches the most alike. Then the keyword that covers most words, then
        most letters, of these the most with words rather than blanks, and as they are spaced
        in the keyword. Then the one that stands earlier in the text, then the earlier intent.
        """
        utterance = Utterance.of(text)
        if not utterance.words:
            return Matching(None, ())
        search = self._search(utterance, today, language)
        best: dict[int, tuple[_Rank, Occurrence, Keyword]] = {}
        for occurrence in chain(search.exact(), search.keys(), search.loose()):
            kind = _kind(occurrence, len(utterance.words))
            size = _size(occurrence, kind)
            for keyword in occurrence.node.keywords(after):
                rank = (_SUREST_FIRST[kind], not keyword.intent.follows, size, keyword.place)
                known = best.get(keyword.intent.id)
                if known is None or rank < known[0]:
                    best[keyword.intent.id] = (rank, occurrence, keyword)
        if not best:
            return Matching(None, tuple(self._nearly(utterance.words, search, after)))
        ranked = sorted(best.values(), key=lambda item: item[0])[:MAX_INTENTS]
        matches = [
            _match(search, utterance.words, occurrence, keyword)
            for _, occurrence, keyword in ranked
        ]
        return Matching(matches[0], tuple(matches[1:]))

    def is_unfinished(
        self,
        text: str,
        *,
        after: int | None = None,
        today: date,
        language: str = "",
        is_interim: bool = False,
    ) -> bool:
        """Whether a text ends within a keyword: "well I want" of "I want to book".

        Of a transcript that `is_interim` more may change: "good" may become "goodbye" or, where a
        keyword has a blank for digits, "four" "forty four". `after`, `today` and `language` are as
        in `find`.
        """
        search = self._search(Utterance.of(text), today, language)
        return search.is_unfinished(after, is_interim=is_interim)

    def _search(self, utterance: Utterance, today: date, language: str) -> KeywordSearch:
        return KeywordSearch(
            utterance,
            self._tree,
            self._near_words,
            similarity=self._similarity,
            language=language or self._language,
            today=today,
        )

    def _nearly(
        self, words: tuple[str, ...], search: KeywordSearch, after: int | None
    ) -> Iterator[Match]:
        seen: set[int] = set()
        closest = closest_keywords(words, self._tree, search.near, after=after)
        for keyword, similarity in closest:
            intent = keyword.intent
            if intent.id not in seen:
                seen.add(intent.id)
                yield Match(
                    intent_id=intent.id,
                    intent=intent.name,
                    keyword=keyword.text,
                    kind=MatchKind.NEAR,
                    score=round(min(similarity, self._similarity - 0.01), 4),
                    is_follow_up=bool(intent.follows),
                )
            if len(seen) == MAX_RUNNERS_UP:
                return


# What decides between matches of one kind; less is better.
_Size = tuple[float, int, int, int, bool, int]
# The kind, whether it can be said at any time, the size, and the place of the keyword.
_Rank = tuple[int, bool, _Size, int]


def _size(occurrence: Occurrence, kind: MatchKind) -> _Size:
    return (
        -_similarity(occurrence) if kind is MatchKind.NEAR else 0.0,
        -occurrence.words,
        -occurrence.letters,
        -occurrence.spelled,
        occurrence.is_respelled,
        occurrence.start,
    )


def _kind(occurrence: Occurrence, count: int) -> MatchKind:
    """Return the kind of a match in an utterance of `count` words."""
    if occurrence.is_near:
        return MatchKind.NEAR
    if not occurrence.words:
        return MatchKind.OPEN
    return MatchKind.EXACT if occurrence.words == count else MatchKind.PHRASE


def _similarity(occurrence: Occurrence) -> float:
    return round(occurrence.likeness / occurrence.spelled, 4)


def _match(
    search: KeywordSearch, words: tuple[str, ...], occurrence: Occurrence, keyword: Keyword
) -> Match:
    kind = _kind(occurrence, len(words))
    if kind is MatchKind.NEAR:
        score = _similarity(occurrence)
    else:
        first, last = occurrence.start, occurrence.end
        taken = words[first:last] if kind is MatchKind.OPEN else ()
        score = (occurrence.letters or sum(map(len, taken))) / sum(map(len, words))
    return Match(
        intent_id=keyword.intent.id,
        intent=keyword.intent.name,
        keyword=keyword.text,
        kind=kind,
        score=score,
        values=tuple(_values(search, occurrence, keyword)),
        is_follow_up=bool(keyword.intent.follows),
    )


def _values(
    search: KeywordSearch, occurrence: Occurrence, keyword: Keyword
) -> Iterator[tuple[str, Value]]:
    blanks = (step for step in keyword.spelling.steps if isinstance(step, Blank))
    for blank, span in zip(blanks, occurrence.blanks, strict=True):
        value = search.value(*span)
        if value is not None:
            yield blank.name, value
