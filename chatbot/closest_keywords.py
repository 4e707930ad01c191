"""Which keywords an utterance came closest to without matching any: for the editor to see.

Pure: imports neither Django nor asyncio.
"""

from collections.abc import Callable, Iterable

from chatbot.keyword_tree import Keyword, KeywordTree

LEAST_SIMILARITY = 0.5
"""A keyword of which less was heard is not close."""

# Words that stand in many keywords tell little: rare ones are looked up first, until so many
# keywords were looked at.
_MAX_KEYWORDS = 1_000

# Words of an utterance that are looked up: more than callers say in a turn.
_MAX_WORDS = 100


def closest_keywords(
    words: tuple[str, ...],
    tree: KeywordTree,
    near: Callable[[str], Iterable[tuple[str, float]]],
    *,
    after: int | None,
) -> list[tuple[Keyword, float]]:
    """Return the keywords that come close to an utterance, the closest first.

    `near` gives the words that are like one, with their similarities.

    The number, in LEAST_SIMILARITY..1, is the share of the letters of the keyword's words that
    were heard in their places, those of a word that is only like the keyword's times its
    similarity. Keywords that are not considered `after` an intent are left out.
    """
    # A keyword that stands at a place of the utterance has its words in line from there.
    heard: dict[tuple[Keyword, int], float] = {}
    left = _MAX_KEYWORDS
    for word, at, similarity in _known(words, tree, near):
        keywords = tree.vocabulary[word]
        left -= len(keywords)
        if left < 0:
            break
        for keyword in dict.fromkeys(keywords):
            share = len(word) / keyword.spelling.letters
            for place, step in enumerate(keyword.spelling.steps):
                if step == word:
                    line = (keyword, at - place)
                    heard[line] = heard.get(line, 0.0) + share * similarity
    closest: dict[Keyword, float] = {}
    for (keyword, _), similarity in heard.items():
        if similarity >= LEAST_SIMILARITY and keyword.is_considered(after):
            closest[keyword] = max(similarity, closest.get(keyword, 0.0))
    return sorted(closest.items(), key=lambda item: (-item[1], item[0].place))


def _known(
    words: tuple[str, ...],
    tree: KeywordTree,
    near: Callable[[str], Iterable[tuple[str, float]]],
) -> list[tuple[str, int, float]]:
    """Return keyword words that were heard or nearly so, where, and how nearly: rare ones first."""
    known = [
        (like, at, similarity)
        for at, word in enumerate(words[:_MAX_WORDS])
        for like, similarity in ((word, 1.0), *near(word))
        if like in tree.vocabulary
    ]
    return sorted(known, key=lambda item: len(tree.vocabulary[item[0]]))
