"""Nested values written as YAML, in one way only, so that equal values give equal bytes. Pure.

A writer of our own, because a file is to be read by people: with an empty line between intents,
long texts folded, texts of several lines as they are, and Unicode as it is. Any reader of YAML
1.1 or 1.2 gets the same texts: whatever one of them might take for something else is quoted.
"""

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

WIDTH = 100
"""Where lines of a long text are folded."""

Value: TypeAlias = "str | int | Sequence[Value] | Mapping[str, Value]"
"""A boolean is an int."""

# Ends of lines to some readers, marks that others drop, and what YAML cannot hold unescaped.
_UNSAFE = re.compile(
    "[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_WORDS_WITH_MEANING = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_ESCAPED = re.compile(f'["\\\\\n]|{_UNSAFE.pattern}')


def dump(document: Mapping[str, Value]) -> str:
    """Write a mapping as a file, with an empty line before each list or mapping in it."""
    lines: list[str] = []
    for key, value in document.items():
        if not isinstance(value, str | int):
            lines.append("")
        lines.extend(_entry(key, value, ""))
    return "".join(f"{line}\n" for line in lines)


def _entry(key: str, value: Value, indent: str) -> list[str]:
    if isinstance(value, str | int):
        first, *rest = _scalar(value, indent)
        return [f"{indent}{_inline(key)}: {first}", *rest]
    return [f"{indent}{_inline(key)}:", *_collection(value, indent + "  ")]


def _collection(value: Sequence[Value] | Mapping[str, Value], indent: str) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _entry(key, inner, indent)
        return
    for place, item in enumerate(value):
        if isinstance(item, str | int):
            first, *rest = _scalar(item, indent)
            yield from (f"{indent}- {first}", *rest)
            continue
        lines = list(_collection(item, indent + "  "))
        if place and len(indent) == 2:  # the intents and the rehearsals, each a paragraph
            yield ""
        yield f"{indent}- {lines[0].lstrip(' ')}"
        yield from lines[1:]


def _scalar(value: str | int, indent: str) -> list[str]:
    """Return the first line after a key or a dash, and further lines with their indent."""
    if isinstance(value, bool):
        return ["true" if value else "false"]
    if isinstance(value, int):
        return [str(value)]
    if _is_block(value):
        body, keep = (value[:-1], "|") if value.endswith("\n") else (value, "|-")
        return [keep, *(f"{indent}  {line}" if line else "" for line in body.split("\n"))]
    if len(value) > WIDTH - len(indent) - 20 and _is_folded(value):
        width = max(40, WIDTH - len(indent) - 2)
        lines = textwrap.wrap(value, width, break_long_words=False, break_on_hyphens=False)
        return [">-", *(f"{indent}  {line}" for line in lines)]
    return [_inline(value)]


def _inline(text: str) -> str:
    return text if _is_plain(text) else _quoted(text)


def _is_plain(text: str) -> bool:
    """Whether every reader takes the text for itself without quotes."""
    return (
        (text[:1].isalpha() or bool(_HOURS.fullmatch(text)))
        and text[-1] not in " :"
        and "\n" not in text
        and ": " not in text
        and " #" not in text
        and text.lower() not in _WORDS_WITH_MEANING
        and not _UNSAFE.search(text)
    )


# Opening hours: what no reader takes for a time or a number, because of the hyphen.
_HOURS = re.compile(r"\d\d:\d\d[\d:.]*-\d\d:\d\d[\d:.]*(, \d\d:\d\d[\d:.]*-\d\d:\d\d[\d:.]*)*")


def _is_block(text: str) -> bool:
    """Whether a text of several lines can stand as it is, with nothing in it that eyes miss."""
    lines = text.removesuffix("\n").split("\n")
    return (
        "\n" in text
        and not _UNSAFE.search(text)
        and bool(lines[0])
        and bool(lines[-1])
        and not any(line.startswith(" ") or line.endswith(" ") for line in lines)
    )


def _is_folded(text: str) -> bool:
    """Whether a text can be broken at its spaces, each of which then stands for one."""
    return not (
        "\n" in text
        or "  " in text
        or text.startswith(" ")
        or text.endswith(" ")
        or _UNSAFE.search(text)
    )


def _quoted(text: str) -> str:
    return f'"{_ESCAPED.sub(_escape, text)}"'


def _escape(found: re.Match[str]) -> str:
    character = found[0]
    known = _ESCAPES.get(character)
    if known is not None:
        return known
    return f"\\x{ord(character):02X}" if ord(character) < 256 else f"\\u{ord(character):04X}"
