"""What the parts of a value's kind are."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass


def _anywhere(before: str, said: str, after: str, language: str) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of value that a blank of a keyword may hold.

    `label` is for the editor. `max_words` is the longest span of an utterance, in words, that is
    worth reading as this kind. `example` is a canonical form; it reads as itself in every language.

    `typical(language)` returns a few dozen phrases at most that callers say for such values, or
    parts of them: what a recognizer is told to listen for. There are none of a kind of which
    nothing can be foreseen.

    `reader(text, language, today)` returns the canonical form, or None where the whole text is
    not of the kind. `speaker(value, said, language)` returns how a reply says the canonical form.
    `is_canonical` tells whether a text is a canonical form. `stands(before, said, after, language)`
    tells whether what was read means the same between the words beside it, up to `max_words` on
    either side. None of these raises, whatever the text; `speaker` is given canonical forms only.
    """

    name: str
    label: str
    max_words: int
    example: str
    reader: Callable[[str, str, datetime.date], str | None]
    speaker: Callable[[str, str, str], str]
    is_canonical: Callable[[str], bool]
    stands: Callable[[str, str, str, str], bool] = _anywhere
    typical: Callable[[str], tuple[str, ...]] = lambda language: ()
