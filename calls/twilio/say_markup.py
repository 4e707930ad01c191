"""Markup inside `<Say>`: elements of the twilio package, nested, for escaped text is read aloud."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from twilio.twiml import TwiML
from twilio.twiml.voice_response import (
    SsmlBreak,
    SsmlEmphasis,
    SsmlLang,
    SsmlP,
    SsmlPhoneme,
    SsmlProsody,
    SsmlS,
    SsmlSayAs,
    SsmlSub,
    SsmlW,
)

from chatbot.ssml_tree import Element

_ELEMENTS: Final[Mapping[str, type[TwiML]]] = MappingProxyType(
    {
        "break": SsmlBreak,
        "emphasis": SsmlEmphasis,
        "lang": SsmlLang,
        "p": SsmlP,
        "phoneme": SsmlPhoneme,
        "prosody": SsmlProsody,
        "s": SsmlS,
        "say-as": SsmlSayAs,
        "sub": SsmlSub,
        "w": SsmlW,
    }
)


def nest(verb: TwiML, children: Iterable[str | Element]) -> None:
    """Put texts and elements into a verb, in their order."""
    for child in children:
        if isinstance(child, str):
            verb.nest(child)
            continue
        element = _ELEMENTS[child.name](words=None, **_arguments(child.attributes))
        verb.nest(element)
        nest(element, child.children)


def _arguments(attributes: Mapping[str, str]) -> dict[str, str]:
    """Return attributes as the package takes them: `xml_lang` for xml:lang."""
    return {name.replace("-", "_").replace(":", "_"): value for name, value in attributes.items()}
