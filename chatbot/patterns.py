"""Keywords with blanks, "my order is {order:digits}", and replies with placeholders.

Pure: imports neither Django nor asyncio.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from chatbot.normalise import Utterance
from chatbot.values import KINDS

DEFAULT_KIND = "words"
"""What a blank without a kind holds: whatever is said there."""

_NAME = r"[A-Za-z][A-Za-z0-9_]*"
_WELL_FORMED_NAME = re.compile(_NAME)
_BRACES = re.compile(r"\{([^{}]*)\}")
_PLACEHOLDER = re.compile(rf"\{{({_NAME})\}}")
_CLOSING_PUNCTUATION = tuple(".,;:!?)…")


class PatternError(ValueError):
    """A keyword that cannot be read, with a sentence for the editor."""


@dataclass(frozen=True, slots=True)
class Blank:
    """A place in a keyword that keeps what is said there. `kind` is a key of `values.KINDS`."""

    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """A keyword as the texts and the blanks that it consists of, in their order.

    Each text has at least one word in it, and no spaces or punctuation around it.
    """

    parts: tuple[str | Blank, ...]

    @property
    def blanks(self) -> tuple[Blank, ...]:
        """The blanks alone."""
        return tuple(part for part in self.parts if isinstance(part, Blank))


def parse(text: str) -> Pattern:
    """Read a keyword. Raises PatternError with a sentence for the editor.

    A blank is a name, and a kind where it is to hold nothing else: "{name}", "{order:digits}".
    """
    parts = tuple(_parts(text))
    if not parts:
        raise PatternError(
            f"“{text}” has no word in it, so no caller can say it. Write a word or a phrase."
        )
    pattern = Pattern(parts)
    names = [blank.name for blank in pattern.blanks]
    for name in names:
        if names.count(name) > 1:
            raise PatternError(
                f"“{text}” has two blanks named “{name}”. Give each blank a name of its own."
            )
    for left, right in pairwise(parts):
        if isinstance(left, Blank) and isinstance(right, Blank) and _runs_on(left, right):
            raise PatternError(
                f"In “{text}” nothing tells where “{left.name}” ends and “{right.name}” begins: "
                "one of them holds any words. Write a word between the two blanks."
            )
    return pattern


def placeholders(text: str) -> tuple[str, ...]:
    """Return the names in a reply such as "Thank you {name}", each once, in their order.

    Only a well-formed name in braces is a placeholder; any other brace is text.
    """
    return tuple(dict.fromkeys(_PLACEHOLDER.findall(text)))


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put values in the place of the placeholders of a reply.

    A placeholder without a value goes, and with it the space that it leaves behind: "Thank you
    {name}!" becomes "Thank you!".
    """
    filled = ""
    after_gap = False
    # Texts and names take turns, and a text is the first and the last.
    for place, piece in enumerate(_PLACEHOLDER.split(text)):
        if place % 2:
            value = values.get(piece, "")
            after_gap = after_gap or not value
            piece = value
        if not piece:
            continue
        if after_gap:
            if not filled or filled[-1].isspace():
                piece = piece.lstrip()
            if piece.startswith(_CLOSING_PUNCTUATION):
                filled = filled.rstrip()
            after_gap = not piece
        filled += piece
    return filled.rstrip() if after_gap else filled


def _parts(text: str) -> Iterator[str | Blank]:
    # Texts and what stands in braces take turns, and a text is the first and the last.
    for place, piece in enumerate(_BRACES.split(text)):
        if place % 2:
            yield _blank(text, piece)
        elif "{" in piece or "}" in piece:
            raise PatternError(
                f"In “{text}” a brace is open or closed without its other half. "
                "Write a blank such as {name} or {order:digits}."
            )
        elif (words := Utterance.of(piece)).words:
            yield words.said(0, len(words.words))


def _blank(text: str, inside: str) -> Blank:
    name, colon, kind = (part.strip() for part in inside.partition(":"))
    if not _WELL_FORMED_NAME.fullmatch(name):
        raise PatternError(
            f"In “{text}” the blank {{{inside}}} needs a name of the letters a to z, digits and "
            "underscores that begins with a letter, such as {order} or {order:digits}."
        )
    kind = kind.lower() if colon else DEFAULT_KIND
    if kind not in KINDS:
        raise PatternError(
            f"In “{text}” the blank “{name}” is of the kind “{kind}”, which there is not. "
            f"Kinds are {', '.join(sorted(KINDS))}."
        )
    return Blank(name, kind)


def _runs_on(left: Blank, right: Blank) -> bool:
    return DEFAULT_KIND in {left.kind, right.kind}
