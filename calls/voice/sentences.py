"""A long text in pieces, so that the first can be heard while the next is spoken. Pure."""

import re
from collections.abc import Iterator
from typing import Final

_ENDS: Final = (
    re.compile(r"(?<=[.!?…。！？])[\"”’)\]]*\s+"),  # behind a sentence
    re.compile(r"(?<=[,;:—、，])\s+"),  # behind a clause
    re.compile(r"\s+"),  # behind a word
)


def pieces(text: str, least: int, most: int) -> Iterator[str]:
    """Cut a text behind its sentences into pieces of `least` to `most` characters.

    A piece is shorter at the end of the text, or where the next sentence would make it too long.
    A sentence that is too long by itself is cut behind a clause, or a word, or anywhere.
    """
    text = text.strip()
    while len(text) > least:
        cut = _cut(text, least, most)
        if piece := text[:cut].rstrip():
            yield piece
        text = text[cut:].lstrip()
    if text:
        yield text


def _cut(text: str, least: int, most: int) -> int:
    for end in _ENDS:
        last = 0
        for match in end.finditer(text, 0, most + 1):
            last = match.end()
            # Where a sentence ends early enough, nothing is gained by a longer piece.
            if last >= least and end is _ENDS[0]:
                return last
        if len(text) <= most:
            return len(text)
        if last:
            return last
    return most
