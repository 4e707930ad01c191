"""Which replies of a bot are rendered, and what keeps the others."""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from calls.voice.attempts import problems
from calls.voice.fixed_texts import fixed_wordings
from calls.voice.kept_renders import lengths_ms
from calls.voice.wording import Wording
from chatbot import ssml
from chatbot.script import Script


class Stage(StrEnum):
    """How far a text has come."""

    RENDERED = "rendered"
    UNDER_WAY = "under-way"
    FAILED = "failed"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class TextStage:
    """A text of a bot; `problem` is there where it failed, `seconds` where it is rendered."""

    key: str
    wording: Wording
    stage: Stage
    seconds: float = 0.0
    problem: str = ""

    @property
    def words(self) -> str:
        """What is heard of the text."""
        return ssml.plain(self.wording.text)

    @property
    def is_marked_up(self) -> bool:
        """Whether the text tells how it is said."""
        return ssml.is_ssml(self.wording.text)


@dataclass(frozen=True)
class RenderProgress:
    """All fixed texts of a bot, in the order in which they are rendered."""

    version: int
    texts: tuple[TextStage, ...]

    @cached_property
    def _counts(self) -> Counter[Stage]:
        return Counter(text.stage for text in self.texts)

    @property
    def total(self) -> int:
        return len(self.texts)

    @property
    def rendered(self) -> int:
        return self._counts[Stage.RENDERED]

    @property
    def failed(self) -> int:
        return self._counts[Stage.FAILED]

    @property
    def is_complete(self) -> bool:
        """Whether callers wait for none of the texts."""
        return self.rendered == self.total

    @property
    def is_moving(self) -> bool:
        """Whether a process is at it."""
        return self._counts[Stage.UNDER_WAY] > 0

    @property
    def mark(self) -> str:
        """What is another as soon as there is something else to see."""
        counts = "-".join(str(self._counts[stage]) for stage in Stage)
        return f"{self.version}-{counts}"


def render_progress(script: Script, engine: str) -> RenderProgress:
    """Look where the renders of a bot stand. Two queries for some thousand texts."""
    wordings = {wording.key(engine): wording for wording in fixed_wordings(script)}
    lengths = lengths_ms(wordings)
    known = problems(key for key in wordings if key not in lengths)
    texts = tuple(
        TextStage(
            key,
            wording,
            _stage(lengths.get(key), known.get(key)),
            seconds=lengths.get(key, 0) / 1000,
            problem=known.get(key, ""),
        )
        for key, wording in wordings.items()
    )
    return RenderProgress(script.version, texts)


def _stage(length: int | None, problem: str | None) -> Stage:
    if length is not None:
        return Stage.RENDERED
    if problem is None:
        return Stage.MISSING
    return Stage.FAILED if problem else Stage.UNDER_WAY
