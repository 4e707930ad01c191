"""Replies with markup for the voice, SSML: `<speak>One <break time="500ms"/> moment.</speak>`.

Pure: imports neither Django nor asyncio. Every function takes plain texts too, and none raises,
whatever the text: markup that cannot be read is taken out, and the words around it remain.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape, unescape

from chatbot import patterns
from chatbot.ssml_tree import (
    Element,
    SsmlError,
    inner,
    opening_tag,
    parse,
    pause_ms,
    xml_text,
)
from chatbot.values import Value, spoken

_BEGIN: Final = re.compile(r"\s*<speak(?![\w:.-])")
_NOT_BEGUN: Final = (
    "This would be read out, tags and all: a text with markup begins with “<speak>”, in small "
    "letters, and ends with “</speak>”."
)
_NO_WORDS: Final = "There are no words in the markup. Write what is to be said."
_MISPLACED: Final = re.compile(
    r"</?(?:speak|break|emphasis|lang|phoneme|prosody|say-as|sub)(?![\w:.-])[^<>]*>", re.IGNORECASE
)
"""Tags that are markup wherever they stand; nobody writes them to have them read out."""
_TAG: Final = re.compile(r"<[^<>]*>?")
_SPACE_BEFORE_PUNCTUATION: Final = re.compile(r"\s+(?=[.,;:!?)…])")
_DIGITS: Final = re.compile(r"[0-9](?: [0-9])*")

_SPELLED: Final = frozenset({"digits", "characters", "spell-out", "verbatim", "telephone"})
_TEXT_ALONE: Final = frozenset({"say-as", "sub", "phoneme"})
_SAID_AS_DIGITS: Final = frozenset({"digits", "phone"})
_PAUSES_MS: Final = {"none": 0, "x-weak": 100, "weak": 250, "strong": 700, "x-strong": 1000}
_MEDIUM_PAUSE_MS: Final = 400
_SENTENCE_PAUSE_MS: Final = 250


@dataclass(frozen=True, slots=True)
class Passage:
    """Words, which may be none, and the pause after them."""

    text: str
    pause_ms: int = 0


def is_ssml(text: str) -> bool:
    """Whether a text is meant as markup."""
    return _BEGIN.match(text) is not None


def problems(text: str) -> list[str]:
    """Return what is wrong with the markup of a text, in sentences for the editor."""
    if not is_ssml(text):
        return []
    try:
        parse(text)
    except SsmlError as error:
        return list(error.problems)
    return []


def slips(text: str) -> list[str]:
    """Return what an editor cannot have meant by a text that has no `problems`, in sentences."""
    if not is_ssml(text):
        return [_NOT_BEGUN] if _MISPLACED.search(text) else []
    return [] if plain(text) or "<break" in text else [_NO_WORDS]


def tree(text: str) -> Element | None:
    """Return a text as a tree; None for one that is plain, or whose markup cannot be read."""
    if not is_ssml(text):
        return None
    try:
        return parse(text)
    except SsmlError:
        return None


def plain(text: str) -> str:
    """Return what is said: for the transcript, for lengths, and for voices without markup."""
    if not is_ssml(text):
        return text
    return _tidy(" ".join(passage.text for passage in passages(text)))


def passages(text: str) -> tuple[Passage, ...]:
    """Return the words of a text and the pauses between them, for voices without markup."""
    root = tree(text)
    if root is not None:
        return tuple(_merged(_passages(root)))
    return (Passage(_stripped(text) if is_ssml(text) else text),)


def fill(text: str, values: Mapping[str, Value], language: str) -> str:
    """Put values in the place of the placeholders of a reply, as `patterns.fill` does.

    In markup they are escaped, and digits are marked as such; the result can always be read. What
    a caller said is never markup itself.
    """
    said = {name: xml_text(spoken(value, language)) for name, value in values.items()}
    root = tree(text)
    if root is None:
        filled = patterns.fill(_stripped(text) if is_ssml(text) else text, said)
        return filled.replace("<", " ").lstrip() if is_ssml(filled) else filled
    marked = {name: _marked(value.kind, said[name]) for name, value in values.items()}
    return _filled(root, said, marked)


def join(texts: Iterable[str]) -> str:
    """Return texts as one, with markup where one of them has some."""
    said = [text for text in texts if text]
    if not any(is_ssml(text) for text in said):
        return " ".join(said)
    return f"<speak>{' '.join(_as_markup(text) for text in said)}</speak>"


def _as_markup(text: str) -> str:
    root = tree(text)
    return escape(xml_text(plain(text))) if root is None else inner(root)


def _marked(kind: str, said: str) -> str:
    """Return a value as markup. The digits stay apart: not every voice knows of “digits”."""
    if kind not in _SAID_AS_DIGITS:
        return escape(said)
    return _DIGITS.sub(r'<say-as interpret-as="digits">\g<0></say-as>', escape(said))


def _filled(element: Element, said: Mapping[str, str], marked: Mapping[str, str]) -> str:
    attributes = {name: patterns.fill(value, said) for name, value in element.attributes.items()}
    if element.name in _TEXT_ALONE:
        marked = {name: escape(value) for name, value in said.items()}
    content = "".join(
        patterns.fill(escape(child), marked)
        if isinstance(child, str)
        else _filled(child, said, marked)
        for child in element.children
    )
    return f"{opening_tag(Element(element.name, attributes))}{content}</{element.name}>"


def _passages(element: Element) -> Iterator[Passage]:
    match element.name:
        case "break":
            yield Passage(" ", _break_ms(element.attributes))
            return
        case "sub":
            yield Passage(element.attributes["alias"])
            return
    is_sentence = element.name in {"p", "s"}
    if is_sentence:
        yield Passage(" ")
    for child in element.children:
        if not isinstance(child, str):
            yield from _passages(child)
        elif element.attributes.get("interpret-as") in _SPELLED:
            yield Passage(" ".join("".join(child.split())))
        else:
            yield Passage(child)
    if is_sentence:
        yield Passage(" ", _SENTENCE_PAUSE_MS)


def _merged(pieces: Iterable[Passage]) -> Iterator[Passage]:
    """Join the words between two pauses: a voice speaks them in one breath."""
    text = ""
    for piece in pieces:
        text += piece.text
        if piece.pause_ms:
            yield Passage(_tidy(text), piece.pause_ms)
            text = ""
    if tidy := _tidy(text):
        yield Passage(tidy)


def _break_ms(attributes: Mapping[str, str]) -> int:
    if length := pause_ms(attributes.get("time", "")):
        return round(length)
    return _PAUSES_MS.get(attributes.get("strength", ""), _MEDIUM_PAUSE_MS)


def _stripped(text: str) -> str:
    """Return markup that cannot be read without its tags."""
    words = unescape(_TAG.sub(" ", text), {"&quot;": '"', "&apos;": "'"})
    return _tidy(words.replace("<", " "))


def _tidy(text: str) -> str:
    return _SPACE_BEFORE_PUNCTUATION.sub("", " ".join(text.split()))
