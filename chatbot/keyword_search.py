"""Where in one utterance the keywords of a tree stand.

Pure: imports neither Django nor asyncio.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from chatbot.keyword_tree import KeywordTree, Node
from chatbot.near_words import INFLECTION, NearWords, may_be_joined
from chatbot.normalise import Utterance
from chatbot.patterns import DEFAULT_KIND
from chatbot.values import KINDS, Value, read

# What one utterance may cost beyond its exact keywords: some ten ms. No caller says as much in
# a turn as would need it; it bounds what a text of 10,000 characters costs.
_MAX_STEPS = 20_000
_MAX_READINGS = 1_000

# So many words at most make no sense as a value until the first piece that does ("on the twenty
# third of november"), or until the next longer one ("seven" and "seven in the evening"): no
# longer pieces need be read. Only of telephone numbers no begin is one.
_WORDS_BEFORE_SENSE = 6
_WORDS_BETWEEN_SENSE = 4
_READ_WHOLE = frozenset({"phone"})

# Who goes on after a yes or a no says another thing. More words of all other kinds ("twenty",
# "twenty five") are another value.
_CLOSED_KINDS = frozenset({"yesno", DEFAULT_KIND})

# A way of going on from a word of the utterance: by which words of the tree, over how many
# words of the utterance, and how alike they are.
_Way = tuple[tuple[str, ...], int, float]


@dataclass(slots=True)
class Occurrence:
    """The keywords of a node, found in an utterance from word `start` up to but without `end`.

    `words` and `letters` count what the keyword's words and typed blanks cover; what a blank for
    any words took counts for nothing. `spelled` counts the letters that its words alone cover,
    `likeness` the same, each word times its similarity. `is_respelled` tells that words were
    written apart or together otherwise. `blanks` are kind, start and end of what each blank
    took.
    """

    node: Node
    start: int
    end: int
    words: int = 0
    letters: int = 0
    spelled: int = 0
    likeness: float = 0.0
    is_respelled: bool = False
    blanks: tuple[tuple[str, int, int], ...] = ()

    @property
    def is_near(self) -> bool:
        """Whether a word is only like that of the keyword."""
        return self.likeness < self.spelled

    @property
    def is_plain(self) -> bool:
        """Whether it is, up to here, what the search for exact keywords finds."""
        return not (self.blanks or self.is_respelled or self.is_near)


class KeywordSearch:
    """One search, through one utterance.

    `similarity` is the least that words must be alike, in 0..1; at 1 only the very words
    count, spaces and all.
    """

    def __init__(
        self,
        utterance: Utterance,
        tree: KeywordTree,
        near_words: NearWords,
        *,
        similarity: float,
        language: str,
        today: date,
    ) -> None:
        self._utterance = utterance
        self._words = utterance.words
        self._tree = tree
        self._near_words = near_words
        self._similarity = similarity
        self._language = language
        self._today = today
        self._near: dict[str, tuple[tuple[str, float], ...]] = {}
        self._values: dict[tuple[str, int, int], Value | None] = {}
        self._steps_left = _MAX_STEPS
        self._readings_left = _MAX_READINGS

    def exact(self) -> Iterator[Occurrence]:
        """Yield the keywords without blanks that stand in the utterance word for word.

        One look-up in a dict for every word, and one more for every further word of a keyword
        that may begin there, however many keywords there are.
        """
        words = self._words
        for start in range(len(words)):
            node = self._tree.root
            letters = 0
            for place in range(start, len(words)):
                word = words[place]
                following = node.words.get(word)
                if following is None:
                    break
                node = following
                letters += len(word)
                if node.is_end:
                    count = place + 1 - start
                    yield Occurrence(node, start, place + 1, count, letters, letters, letters)

    def loose(self) -> Iterator[Occurrence]:
        """Yield the keywords with blanks, and those whose words are near or spaced otherwise.

        No word inside a keyword is skipped, on neither side. An endless utterance is searched
        only as far as the bounds on its cost reach.
        """
        ways = [self._ways(place) for place in range(len(self._words))]
        # From each word on, the first one with a way other than its own spelling.
        next_way = [len(ways)] * (len(ways) + 1)
        for place in reversed(range(len(ways))):
            next_way[place] = place if ways[place] else next_way[place + 1]
        for start in range(len(ways)):
            paths = [Occurrence(self._tree.root, start, start)]
            while paths and self._steps_left:
                self._steps_left -= 1
                path = paths.pop()
                node, at = path.node, path.end
                if path.is_plain:
                    if not node.has_blanks_below and next_way[at] >= at + node.height:
                        continue  # nothing but what the search for exact keywords finds
                elif node.is_end:
                    yield path
                if at < len(ways):
                    paths += reversed(list(self._longer(path, ways[at])))

    def is_unfinished(self, after: int | None, *, is_interim: bool) -> bool:
        """Whether the utterance ends within a keyword that can be meant after this intent.

        Words count as they are spelled. At least one word or typed blank of the keyword must be
        there: what a blank for any words takes may be the begin of everything. While the
        transcript `is_interim`, its last word may get more letters, and its last value more words.
        """
        last = len(self._words)
        for start in range(last):
            paths = [Occurrence(self._tree.root, start, start)]
            while paths and self._steps_left:
                self._steps_left -= 1
                path = paths.pop()
                if path.end < last:
                    if is_interim and path.end == last - 1 and self._may_grow(path.node, after):
                        return True
                    paths += self._longer(path, ())
                elif path.words and path.node.goes_on(after):
                    return True
                elif is_interim and path.blanks and path.node.keywords(after):
                    kind, _, end = path.blanks[-1]
                    if end == last and kind not in _CLOSED_KINDS:
                        return True
        return False

    def _may_grow(self, node: Node, after: int | None) -> bool:
        """Whether the last word is the begin of a longer one that leads on from a node."""
        for word in self._tree.longer_words(self._words[-1]):
            reached = node.words.get(word)
            if reached is not None and (reached.keywords(after) or reached.goes_on(after)):
                return True
        return False

    def near(self, word: str) -> tuple[tuple[str, float], ...]:
        """Look up which words of the tree are like one, once."""
        if word not in self._near:
            self._near[word] = self._near_words.find(word)
        return self._near[word]

    def value(self, kind: str, start: int, end: int) -> Value | None:
        """Read a span of words as a value, once."""
        span = (kind, start, end)
        if span not in self._values:
            said = self._utterance.said(start, end)
            self._values[span] = read(kind, said, self._language, self._today)
        return self._values[span]

    def _longer(self, path: Occurrence, ways: Sequence[_Way]) -> Iterator[Occurrence]:
        """Yield the paths that go on from one by a word or a blank of the tree."""
        node = path.node
        following = node.words.get(self._words[path.end])
        if following is not None:
            yield self._spell(path, following, 1, 1.0)
        for steps, count, similarity in ways:
            reached: Node | None = node
            for step in steps:
                reached = reached.words.get(step) if reached is not None else None
            if reached is not None:
                longer = self._spell(path, reached, count, similarity)
                longer.is_respelled = path.is_respelled or count != len(steps)
                yield longer
        for kind, reached in node.blanks.items():
            yield from self._take(path, kind, reached)

    def _ways(self, place: int) -> list[_Way]:
        """Return the ways on from a word other than by the word itself."""
        if self._similarity >= 1:
            return []
        word = self._words[place]
        ways: list[_Way] = [
            ((near,), 1, similarity)
            for near, similarity in self.near(word)
            if similarity >= self._similarity
        ]
        ways += [(pair, 1, 1.0) for pair in self._tree.neighbours.get(word, ())]
        if place + 1 < len(self._words) and may_be_joined(word, self._words[place + 1]):
            joined = word + self._words[place + 1]
            if joined in self._tree.vocabulary:
                ways.append(((joined,), 2, 1.0))
            if self._similarity <= INFLECTION:
                ways += [
                    ((form,), 2, INFLECTION)
                    for form in self._near_words.inflections(joined)
                    if form != joined
                ]
        return ways

    def _spell(self, path: Occurrence, node: Node, count: int, similarity: float) -> Occurrence:
        """Return a path longer by words of the utterance that are, or are like, the keyword's."""
        end = path.end + count
        letters = sum(map(len, self._words[path.end : end]))
        return Occurrence(
            node,
            path.start,
            end,
            path.words + count,
            path.letters + letters,
            path.spelled + letters,
            path.likeness + letters * similarity,
            path.is_respelled,
            path.blanks,
        )

    def _take(self, path: Occurrence, kind: str, node: Node) -> Iterator[Occurrence]:
        """Yield paths longer by what a blank can take, the longest first."""
        start = path.end
        for end in self._ends(kind, start):
            if self.value(kind, start, end) is None:
                continue
            words, letters = path.words, path.letters
            if kind != DEFAULT_KIND:
                words += end - start
                letters += sum(map(len, self._words[start:end]))
            yield Occurrence(
                node,
                path.start,
                end,
                words,
                letters,
                path.spelled,
                path.likeness,
                path.is_respelled,
                (*path.blanks, (kind, start, end)),
            )
            if not node.height:
                return  # a shorter piece says less, and nothing follows it

    def _ends(self, kind: str, start: int) -> Sequence[int]:
        """Return where a value of a kind that begins at a word may end, the farthest first."""
        last = min(len(self._words), start + KINDS[kind].max_words)
        if kind == DEFAULT_KIND:
            return range(last, start, -1)
        ends: list[int] = []
        hopeful = last if kind in _READ_WHOLE else start + _WORDS_BEFORE_SENSE
        for end in range(start + 1, last + 1):
            if end > hopeful or not self._readings_left:
                break
            self._readings_left -= 1
            if self.value(kind, start, end) is not None:
                ends.append(end)
                hopeful = max(hopeful, end + _WORDS_BETWEEN_SENSE)
        return ends[::-1]
