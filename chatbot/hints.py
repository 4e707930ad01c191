"""Which phrases a keyword leads a recognizer to expect. Pure."""

from collections.abc import Iterator

from chatbot.patterns import Blank, PatternError, parse

_TYPICAL = {
    "digits": ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    "yesno": ("yes", "no"),
}


def phrases_of(keyword: str) -> Iterator[str]:
    """Yield the keyword, or the words around its blanks and what the blanks typically hold.

    A keyword that cannot be read is no phrase; the editor is told when it is saved.
    """
    if "{" not in keyword:
        yield keyword
        return
    try:
        parts = parse(keyword).parts
    except PatternError:
        return
    for part in parts:
        if isinstance(part, Blank):
            yield from _TYPICAL.get(part.kind, ())
        else:
            yield part
