"""YAML read into a tree whose every node knows its line. Pure.

Only the structure is taken from YAML, never a type: what a text, a number or a date is says the
reader, which knows what is wanted at each place. So “no”, “1e3” and “00:10” are texts where a
text is wanted, and nothing in a file can make an object. Anchors, aliases and tags are refused,
and so is depth beyond that of a bot: events are read one by one, without recursion.
"""

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from chatbot.bot_file.problems import BotFileError, Problem

MAX_DEPTH = 12

# What YAML cannot hold in any way but an escape in double quotes.
_UNPRINTABLE = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text as it is written; `is_plain` where no quotes are around it."""

    line: int
    text: str
    is_plain: bool = True


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys with their values, in the order of the file; a key may stand there twice."""

    line: int
    items: list[tuple[Scalar, "Node"]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    line: int
    items: list["Node"] = field(default_factory=list)


Node = Scalar | Mapping | Sequence


def parse(data: bytes) -> Node:
    """Return the one document of a file. Raises BotFileError."""
    text = _decoded(data)
    builder = _Builder()
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = _line(mark)
        raise BotFileError([*builder.problems, Problem(line, _in_words(error))]) from None
    if builder.root is None:
        raise BotFileError([Problem(1, "The file is empty. A bot begins with “format: 1”.")])
    if builder.problems:
        raise BotFileError(builder.problems)
    return builder.root


def _decoded(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BotFileError(
            [Problem(line, "This is not UTF-8 text. Save the file in the encoding UTF-8.")]
        ) from None
    problems = [
        Problem(
            text.count("\n", 0, found.start()) + 1,
            f"The character U+{ord(found[0]):04X} cannot stand in a file. Take it out.",
        )
        for found in _UNPRINTABLE.finditer(text)
    ]
    if problems:
        raise BotFileError(problems[:100])
    return text


def _in_words(error: yaml.MarkedYAMLError) -> str:
    if error.context is not None and ("an alias" in error.context or "an anchor" in error.context):
        return 'A text that begins with * or & needs quotes around it, such as "*".'
    return (
        f"This cannot be read as YAML ({error.problem}). Look for a space too many or too few at "
        "the begin of the line, and put quotes around a text that has “: ” or “ #” in it or "
        "begins with one of {[]}@`!%&*|>'\"."
    )


def _line(mark: Any) -> int:
    """Return the line of a mark of the YAML library, counted from 1; 0 without a mark."""
    return 0 if mark is None else int(mark.line) + 1


class _Builder:
    """Builds the tree from events."""

    def __init__(self) -> None:
        self.root: Node | None = None
        self.problems: list[Problem] = []
        self._open: list[Mapping | Sequence] = []
        self._keys: list[Scalar | None] = []  # beside each open node: the key that waits

    def take(self, event: yaml.Event) -> None:
        line = _line(event.start_mark)
        if isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
            self._refuse(line, "A second document begins here. A file holds one bot.")
        elif isinstance(event, yaml.AliasEvent):
            self._refuse(
                line,
                f"“*{event.anchor}” stands for a text elsewhere, which is not known here. Write "
                "the text itself, in quotes if it begins with *.",
            )
            self._add(Scalar(line, ""))
        elif isinstance(event, yaml.ScalarEvent):
            self._check(event, line)
            self._add(Scalar(line, event.value, not event.style))
        elif isinstance(event, yaml.MappingStartEvent):
            self._check(event, line)
            self._begin(Mapping(line))
        elif isinstance(event, yaml.SequenceStartEvent):
            self._check(event, line)
            self._begin(Sequence(line))
        elif isinstance(event, yaml.CollectionEndEvent):
            self._open.pop()
            self._keys.pop()

    def _check(self, event: yaml.NodeEvent, line: int) -> None:
        """Refuse names for a node, and types of YAML."""
        if event.anchor is not None:
            self._refuse(
                line,
                f"“&{event.anchor}” names a text, which is not known here. Take it out, or put "
                "quotes around a text that begins with &.",
            )
        tag = getattr(event, "tag", None)
        if tag is not None and tag != "!":
            self._refuse(
                line,
                f"“{tag}” names a type, which is not known here. Take it out, or put quotes "
                "around a text that begins with !.",
            )

    def _refuse(self, line: int, text: str) -> None:
        self.problems.append(Problem(line, text))

    def _begin(self, node: Mapping | Sequence) -> None:
        self._add(node)
        if len(self._open) == MAX_DEPTH:
            self._refuse(node.line, "Lists stand in lists too deeply here. No bot needs that.")
            raise BotFileError(self.problems)
        self._open.append(node)
        self._keys.append(None)

    def _add(self, node: Node) -> None:
        if not self._open:
            self.root = self.root or node
            return
        parent = self._open[-1]
        if isinstance(parent, Sequence):
            parent.items.append(node)
            return
        key = self._keys[-1]
        if key is not None:
            parent.items.append((key, node))
            self._keys[-1] = None
        elif isinstance(node, Scalar):
            self._keys[-1] = node
        else:
            self._refuse(node.line, "A key must be a text. Put quotes around it.")
            self._keys[-1] = Scalar(node.line, "")
