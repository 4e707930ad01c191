"""What is wrong in a file, told by line. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """A fault and the line that it is in, counted from 1; 0 where it is in no line."""

    line: int
    text: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.text}" if self.line else self.text


class BotFileError(ValueError):
    """A file that cannot become a bot; `problems` are all that is wrong, by their lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(dict.fromkeys(problems)))
        super().__init__("\n".join(map(str, self.problems)))


def suggestion(word: str, known: Iterable[str]) -> str:
    """Return “; did you mean …?”, or what there is to choose from where nothing is alike."""
    known = list(known)
    alike = get_close_matches(word.strip().lower()[:100], known, n=1)
    if alike:
        return f"; did you mean “{alike[0]}”?"
    listed = ", ".join(f"“{name}”" for name in known)
    return f". Known here: {listed}." if listed else "."
