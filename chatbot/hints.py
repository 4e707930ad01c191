"""Which phrases a keyword leads a recognizer to expect. Pure."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from chatbot.patterns import Blank, PatternError, parse

# By language. A recognizer that is told to expect words of another one hears them for its own.
_TYPICAL: Mapping[str, Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "en": {
            "digits": (
                "zero",
                "one",
                "two",
                "three",
                "four",
                "five",
                "six",
                "seven",
                "eight",
                "nine",
            ),
            "yesno": ("yes", "no"),
        },
        "nl": {
            "digits": (
                "nul",
                "een",
                "twee",
                "drie",
                "vier",
                "vijf",
                "zes",
                "zeven",
                "acht",
                "negen",
            ),
            "yesno": ("ja", "nee"),
        },
    }
)


def phrases_of(keyword: str, language: str) -> Iterator[str]:
    """Yield the keyword, or the words around its blanks and what the blanks typically hold.

    That is told for English and Dutch; of other languages only the words around them are.
    A keyword that cannot be read is no phrase; the editor is told when it is saved.
    """
    if "{" not in keyword:
        yield keyword
        return
    try:
        parts = parse(keyword).parts
    except PatternError:
        return
    typical = _TYPICAL.get(language.partition("-")[0].lower(), {})
    for part in parts:
        if isinstance(part, Blank):
            yield from typical.get(part.kind, ())
        else:
            yield part
