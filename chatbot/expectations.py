"""What a reply has callers say next: what the recognizer is told to listen for. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from chatbot.values import KINDS, typical


@dataclass(frozen=True, slots=True)
class Expectation:
    """What is expected next beside the keywords.

    `kind` is a key of `chatbot.values.KINDS` or blank. `language` and `model` are blank for those
    of the bot and of the recognizer.
    """

    kind: str = ""
    phrases: tuple[str, ...] = ()
    language: str = ""
    model: str = ""

    @classmethod
    def of(cls, kind: str, lines: str, language: str, model: str) -> Self:
        """Return an expectation as an editor wrote it: one phrase a line."""
        phrases = (line.strip() for line in lines.splitlines())
        return cls(kind, tuple(filter(None, phrases)), language, model)

    def hints(self, language: str) -> Iterator[str]:
        """Yield what to listen for, most likely first; `language` is the bot's."""
        yield from self.phrases
        if self.kind in KINDS:
            yield from typical(self.kind, self.language or language)


ANYTHING = Expectation()
"""Nothing beside the keywords."""


def choices() -> list[tuple[str, str]]:
    """Return the kinds of which something can be foreseen, as the choices of a form field."""
    known = [(kind.name, kind.label) for kind in KINDS.values() if kind.typical("en")]
    return [("", "what the keywords say"), *known]


def in_words(expectation: Expectation) -> str:
    """Say what is expected: “yes or no, “Main Street” and 2 more; in nl-NL”."""
    kind = KINDS.get(expectation.kind)
    what = [kind.label] if kind is not None else []
    if expectation.phrases:
        first, *more = expectation.phrases
        what.append(f"“{first}” and {len(more)} more" if more else f"“{first}”")
    how = [f"in {expectation.language}"] if expectation.language else []
    if expectation.model:
        how.append(f"by the model {expectation.model}")
    return "; ".join(filter(None, (", ".join(what) or "what the keywords say", *how)))
