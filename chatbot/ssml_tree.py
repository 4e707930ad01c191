"""SSML as a tree: the elements that telephone voices take, read from a text and written again.

Pure: imports neither Django nor asyncio. Elements and attributes are those that both
https://www.twilio.com/docs/voice/twiml/say/text-speech#ssml and
https://cloud.google.com/text-to-speech/docs/ssml name.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

ROOT: Final = "speak"
MAX_DEPTH: Final = 16
"""How deep elements may stand in each other: trees are walked by functions that call themselves."""

MAX_PAUSE_MS: Final = 10_000
"""The longest pause that the voices of Amazon Polly make."""

_REQUIRED: Final = frozenset({"interpret-as", "alias", "ph", "xml:lang"})
_ATTRIBUTES: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "break": frozenset({"strength", "time"}),
        "emphasis": frozenset({"level"}),
        "lang": frozenset({"xml:lang"}),
        "p": frozenset(),
        "phoneme": frozenset({"alphabet", "ph"}),
        "prosody": frozenset({"volume", "rate", "pitch"}),
        "s": frozenset(),
        "say-as": frozenset({"interpret-as", "format"}),
        "sub": frozenset({"alias"}),
        "w": frozenset({"role"}),
    }
)
_PAUSE: Final = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,3})?)(ms|s)")
_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(slots=True)
class Element:
    """An element: its name, its attributes, and the texts and elements in it."""

    name: str
    attributes: Mapping[str, str]
    children: list["str | Element"] = field(default_factory=list)


class SsmlError(ValueError):
    """A text that is no SSML of ours; `problems` are sentences for the editor."""

    def __init__(self, *problems: str) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


def parse(text: str) -> Element:
    """Read a text that begins with `<speak`. Raises SsmlError, which names all that is wrong.

    Nothing is declared in SSML of ours, so no entity can stand for a longer text.
    """
    reader = _Reader()
    try:
        reader.read(_NOT_XML.sub(" ", text))
    except expat.ExpatError as error:
        raise SsmlError(
            f"The markup is not well-formed at line {error.lineno}, column {error.offset + 1}: "
            f"{expat.ErrorString(error.code)}. Close every element, and write “&amp;” for “&”."
        ) from None
    if reader.problems:
        raise SsmlError(*dict.fromkeys(reader.problems))
    return reader.root


def write(element: Element) -> str:
    """Return an element as XML."""
    return f"{opening_tag(element)}{inner(element)}</{element.name}>"


def inner(element: Element) -> str:
    """Return what stands in an element, as XML."""
    return "".join(
        escape(child) if isinstance(child, str) else write(child) for child in element.children
    )


def opening_tag(element: Element) -> str:
    """Return the tag that begins an element."""
    attributes = (f" {name}={quoteattr(value)}" for name, value in element.attributes.items())
    return f"<{element.name}{''.join(attributes)}>"


def xml_text(text: str) -> str:
    """Return a text without what XML cannot carry."""
    return _NOT_XML.sub(" ", text)


def pause_ms(time: str) -> float | None:
    """Read the length of a pause, such as “500ms” or “1.5s”; None where it is none."""
    match = _PAUSE.fullmatch(time.strip())
    if match is None:
        return None
    return float(match[1]) * (1000 if match[2] == "s" else 1)


class _Reader:
    """Builds the tree as expat meets the elements, and notes what the voices would not take."""

    def __init__(self) -> None:
        self.root = Element(ROOT, {})
        self.problems: list[str] = []
        self._open: list[Element] = []

    def read(self, text: str) -> None:
        """Raises ExpatError, or SsmlError at what is not read any further."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.Parse(text.strip().encode(), True)

    def _refuse_doctype(self, *_: object) -> None:
        raise SsmlError("Take the <!DOCTYPE> out: nothing needs to be declared.")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._open) == MAX_DEPTH:
            raise SsmlError(f"Elements stand in each other more than {MAX_DEPTH} deep.")
        element = Element(name, attributes)
        if self._open:
            self._open[-1].children.append(element)
            self.problems += _problems(name, attributes)
        else:
            # What else stands on the root (a version, namespaces) tells the voices nothing.
            lang = attributes.get("xml:lang")
            self.root = Element(name, {"xml:lang": lang} if lang else {})
            element = self.root
        self._open.append(element)

    def _end(self, name: str) -> None:
        self._open.pop()

    def _text(self, text: str) -> None:
        children = self._open[-1].children
        if children and isinstance(children[-1], str):
            # A comment stood between, or one part was given as CDATA.
            children[-1] += text
        else:
            children.append(text)


def _problems(name: str, attributes: Mapping[str, str]) -> Iterator[str]:
    known = _ATTRIBUTES.get(name)
    if known is None:
        yield f"The voices do not know <{name}>. They take {_listed(_ATTRIBUTES)}."
        return
    for attribute in attributes:
        if attribute not in known:
            takes = _listed(known) if known else "no attribute"
            yield f"The voices do not know “{attribute}” in <{name}>, which takes {takes}."
    for attribute in sorted(known & _REQUIRED):
        if not attributes.get(attribute):
            yield f"<{name}> needs a value for “{attribute}”."
    time = attributes.get("time") if name == "break" else None
    if time is not None:
        length = pause_ms(time)
        if length is None:
            yield f"“{time}” is no length of a pause: write “500ms” or “1.5s”."
        elif length > MAX_PAUSE_MS:
            yield f"A pause of {time} is too long: {MAX_PAUSE_MS // 1000} seconds are the most."


def _listed(names: Mapping[str, object] | frozenset[str]) -> str:
    *others, last = sorted(names)
    return f"{', '.join(others)} and {last}" if others else last
