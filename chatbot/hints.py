"""Which phrases a keyword leads a recognizer to expect. Pure."""

from collections.abc import Iterator

from chatbot.patterns import Blank, PatternError, parse
from chatbot.values import typical

_FORESEEN = frozenset({"digits", "yesno"})
"""Kinds of which a few words say the most. Of others, which have many, the reply that asks for one
says that it is expected."""


def phrases_of(keyword: str, language: str, *, of_blank: int | None = None) -> Iterator[str]:
    """Yield the keyword, or the words around its blanks and what the blanks typically hold.

    Of each blank these are `of_blank` phrases, or all. A keyword that cannot be read is no phrase;
    the editor is told when it is saved.
    """
    if "{" not in keyword:
        yield keyword
        return
    try:
        parts = parse(keyword).parts
    except PatternError:
        return
    for part in parts:
        if not isinstance(part, Blank):
            yield part
        elif part.kind in _FORESEEN:
            yield from typical(part.kind, language)[:of_blank]
