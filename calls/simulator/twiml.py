"""TwiML text in, verbs out.

Names are case-sensitive and documents are read from top to bottom (twilio.com/docs/voice/twiml).
"""

import re
from collections.abc import Callable
from typing import Final
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree

from calls.simulator import verbs

MAX_BYTES: Final = 64 * 1024
MAX_PARAMETER_CHARACTERS: Final = 500
MAX_HINTS: Final = 500
MAX_HINT_CHARACTERS: Final = 100
PARSE_FAILURE: Final = 12100
INVALID_DOCUMENT: Final = 12200
INVALID_URL: Final = 11100
INVALID_NUMBER: Final = 13223
INVALID_SPEECH_TIMEOUT: Final = 13327
INVALID_HINTS: Final = 13330
INVALID_LANGUAGE: Final = 13331
TOO_LARGE: Final = 11750

_SSML: Final = frozenset(
    {"break", "emphasis", "lang", "p", "phoneme", "prosody", "s", "say-as", "sub", "w"}
)
_NUMBER: Final = re.compile(r"\+?[0-9][0-9() .-]*")
_SIP: Final = re.compile(r"sips?:[^\s@]+@[^\s@]+")
_INPUTS: Final = frozenset({"dtmf", "speech"})
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})+")
_TRACKS: Final = frozenset({"inbound_track", "outbound_track", "both_tracks"})


class TwimlError(Exception):
    """A document that Twilio refuses; `code` is the number of its debugger's error."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


def parse(document: str | bytes, base_url: str | None) -> tuple[verbs.Verb, ...]:
    """Read a document's verbs; relative URLs are resolved against `base_url`.

    `base_url` is None for a document that came by REST, in which URLs must be absolute.
    Raises TwimlError.
    """
    content = document.encode() if isinstance(document, str) else document
    if len(content) > MAX_BYTES:
        raise TwimlError(TOO_LARGE, f"The document has {len(content)} bytes; 64 kB are allowed.")
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise TwimlError(PARSE_FAILURE, "The document declares a DOCTYPE.")
    try:
        root = ElementTree.fromstring(content)  # noqa: S314 - small, and entities are refused above
    except ElementTree.ParseError as error:
        raise TwimlError(PARSE_FAILURE, f"The document is not well-formed XML: {error}.") from error
    if root.tag != "Response":
        raise TwimlError(PARSE_FAILURE, f"The root element is <{root.tag}>, not <Response>.")
    return _Reader(base_url).response(root)


class _Reader:
    """Turns elements into verbs; knows where relative URLs begin."""

    def __init__(self, base_url: str | None) -> None:
        self._base_url = base_url
        self._verbs: dict[str, Callable[[ElementTree.Element], verbs.Verb]] = {
            "Say": self._say,
            "Play": self._play,
            "Pause": self._pause,
            "Redirect": self._redirect,
            "Hangup": lambda _: verbs.Hangup(),
            "Reject": lambda element: verbs.Reject(element.get("reason", "rejected")),
            "Start": lambda element: verbs.StartStream(self._stream(self._noun(element))),
            "Stop": self._stop,
            "Connect": self._connect,
            "Dial": self._dial,
            "Gather": self._gather,
        }

    def response(self, root: ElementTree.Element) -> tuple[verbs.Verb, ...]:
        return tuple(self._verb(element) for element in root)

    def _verb(self, element: ElementTree.Element) -> verbs.Verb:
        try:
            read = self._verbs[element.tag]
        except KeyError as error:
            raise TwimlError(
                INVALID_DOCUMENT, f"<{element.tag}> is no verb that the simulator knows."
            ) from error
        return read(element)

    def _say(self, element: ElementTree.Element) -> verbs.Say:
        for child in element.iter():
            if child is not element and child.tag not in _SSML:
                raise TwimlError(INVALID_DOCUMENT, f"<Say> may not hold <{child.tag}>.")
        return verbs.Say(
            text=_spoken(element),
            voice=element.get("voice", ""),
            language=element.get("language", "en-US"),
            loop=self._whole(element, "loop", 1),
        )

    def _play(self, element: ElementTree.Element) -> verbs.Play:
        digits = element.get("digits", "")
        url = "" if digits else self._url(_text(element), element.tag)
        return verbs.Play(url=url, digits=digits, loop=self._whole(element, "loop", 1))

    def _pause(self, element: ElementTree.Element) -> verbs.Pause:
        return verbs.Pause(self._whole(element, "length", 1))

    def _redirect(self, element: ElementTree.Element) -> verbs.Redirect:
        # An empty <Redirect/> asks for the running document again, as an empty URL does.
        return verbs.Redirect(self._url(_text(element), element.tag), self._method(element))

    def _stop(self, element: ElementTree.Element) -> verbs.StopStream:
        name = self._noun(element).get("name", "")
        if not name:
            raise TwimlError(INVALID_DOCUMENT, "<Stop><Stream> needs the name of a stream.")
        return verbs.StopStream(name)

    def _connect(self, element: ElementTree.Element) -> verbs.ConnectStream:
        return verbs.ConnectStream(
            stream=self._stream(self._noun(element)),
            action=self._optional_url(element, "action"),
            method=self._method(element),
        )

    def _noun(self, element: ElementTree.Element) -> ElementTree.Element:
        nouns = list(element)
        if len(nouns) != 1 or nouns[0].tag != "Stream":
            held = ", ".join(f"<{noun.tag}>" for noun in nouns) or "nothing"
            raise TwimlError(
                INVALID_DOCUMENT, f"<{element.tag}> holds {held}; the simulator plays one <Stream>."
            )
        return nouns[0]

    def _stream(self, element: ElementTree.Element) -> verbs.Stream:
        track = element.get("track", "inbound_track")
        if track not in _TRACKS:
            raise TwimlError(INVALID_DOCUMENT, f"<Stream> has the unknown track {track!r}.")
        return verbs.Stream(
            url=self._stream_url(element.get("url", "")),
            name=element.get("name", ""),
            track=track,
            status_callback=self._optional_url(element, "statusCallback"),
            status_callback_method=self._method(element, "statusCallbackMethod"),
            parameters=tuple(_parameter(child) for child in element),
        )

    def _dial(self, element: ElementTree.Element) -> verbs.Dial:
        return verbs.Dial(
            numbers=tuple(_dialled(noun) for noun in element) or (_number(element),),
            action=self._optional_url(element, "action"),
            method=self._method(element),
            timeout=self._whole(element, "timeout", 30),
            caller_id=element.get("callerId", ""),
        )

    def _gather(self, element: ElementTree.Element) -> verbs.Gather:
        nested = []
        for child in element:
            verb = self._verb(child)
            if not isinstance(verb, verbs.Spoken):
                raise TwimlError(INVALID_DOCUMENT, f"<Gather> may not hold <{child.tag}>.")
            nested.append(verb)
        timeout = self._whole(element, "timeout", 5)
        return verbs.Gather(
            action=self._optional_url(element, "action"),
            method=self._method(element),
            timeout=timeout,
            num_digits=self._whole(element, "numDigits", 0) or None,
            finish_on_key=element.get("finishOnKey", "#"),
            nested=tuple(nested),
            inputs=_inputs(element),
            speech_timeout=_speech_timeout(element, timeout),
            language=_language(element),
            hints=_hints(element),
            action_on_empty_result=_truth(element, "actionOnEmptyResult"),
        )

    def _whole(self, element: ElementTree.Element, name: str, default: int) -> int:
        value = element.get(name)
        if value is None:
            return default
        if not value.isdecimal():
            raise TwimlError(
                INVALID_DOCUMENT, f"<{element.tag} {name}={value!r}> is not a whole number."
            )
        return int(value)

    def _method(self, element: ElementTree.Element, name: str = "method") -> str:
        method = element.get(name, "POST")
        if method not in {"GET", "POST"}:
            raise TwimlError(INVALID_DOCUMENT, f"<{element.tag} {name}={method!r}> is unknown.")
        return method

    def _optional_url(self, element: ElementTree.Element, name: str) -> str:
        value = element.get(name)
        return "" if value is None else self._url(value, f"{element.tag} {name}")

    def _url(self, value: str, where: str) -> str:
        # Joined as text, so that percent-encoding is left as it was written.
        url = urljoin(self._base_url or "", value.strip())
        if not urlsplit(url).scheme or not urlsplit(url).netloc:
            raise TwimlError(INVALID_URL, f"<{where}> needs an absolute URL here, not {value!r}.")
        return url

    def _stream_url(self, value: str) -> str:
        url = self._url(value, "Stream")
        if urlsplit(value).scheme:
            return url
        # What was relative has the scheme of the document; a stream goes over WebSocket.
        scheme, rest = url.split(":", 1)
        return {"http": "ws", "https": "wss"}.get(scheme, scheme) + ":" + rest


def _text(element: ElementTree.Element) -> str:
    return (element.text or "").strip()


def _spoken(element: ElementTree.Element) -> str:
    """Join the words of a Say: a `sub` is spoken as its alias, white space runs together."""
    parts = [element.text or ""]
    for child in element:
        parts.append(child.get("alias", "") if child.tag == "sub" else _spoken(child))
        # Sentences and pauses part words even where no space is written between them.
        parts.append(" " if child.tag in {"break", "p", "s"} else "")
        parts.append(child.tail or "")
    return " ".join("".join(parts).split())


def _dialled(noun: ElementTree.Element) -> str:
    """Give what a noun of a Dial calls."""
    if noun.tag == "Number":
        return _number(noun)
    if noun.tag != "Sip":
        raise TwimlError(
            INVALID_DOCUMENT, f"<Dial> holds <{noun.tag}>; the simulator calls <Number> and <Sip>."
        )
    address = _text(noun)
    if not _SIP.fullmatch(address):
        raise TwimlError(INVALID_DOCUMENT, f"<Sip> needs an address, not {address!r}.")
    return address


def _number(element: ElementTree.Element) -> str:
    number = _text(element)
    if not _NUMBER.fullmatch(number):
        raise TwimlError(
            INVALID_NUMBER, f"<{element.tag}> needs a telephone number, not {number!r}."
        )
    return number


def _inputs(element: ElementTree.Element) -> frozenset[str]:
    inputs = element.get("input", "dtmf").split()
    if not inputs or not _INPUTS.issuperset(inputs):
        raise TwimlError(
            INVALID_DOCUMENT, f"<Gather> has the input {' '.join(inputs)!r}: not dtmf or speech."
        )
    return frozenset(inputs)


def _speech_timeout(element: ElementTree.Element, timeout: int) -> int | None:
    """Give the seconds of silence behind speech, or None for the first pause."""
    value = element.get("speechTimeout", str(timeout))
    if value == "auto":
        return None
    if not value.isdecimal() or not int(value):
        raise TwimlError(
            INVALID_SPEECH_TIMEOUT, f"<Gather speechTimeout={value!r}> is neither seconds nor auto."
        )
    return int(value)


def _language(element: ElementTree.Element) -> str:
    language = element.get("language", "en-US")
    if not _LANGUAGE.fullmatch(language):
        raise TwimlError(
            INVALID_LANGUAGE, f"<Gather language={language!r}> is no language with its region."
        )
    return language


def _hints(element: ElementTree.Element) -> tuple[str, ...]:
    value = element.get("hints", "")
    hints = tuple(hint.strip() for hint in value.split(",")) if value else ()
    if len(hints) > MAX_HINTS or not all(0 < len(hint) <= MAX_HINT_CHARACTERS for hint in hints):
        raise TwimlError(
            INVALID_HINTS, "<Gather hints> are at most 500, each of 1 to 100 characters."
        )
    return hints


def _truth(element: ElementTree.Element, name: str) -> bool:
    value = element.get(name, "false")
    if value not in {"true", "false"}:
        raise TwimlError(INVALID_DOCUMENT, f"<{element.tag} {name}={value!r}>: not true or false.")
    return value == "true"


def _parameter(element: ElementTree.Element) -> tuple[str, str]:
    name, value = element.get("name", ""), element.get("value", "")
    if element.tag != "Parameter" or not name:
        raise TwimlError(INVALID_DOCUMENT, "<Stream> may hold <Parameter name= value=> only.")
    if len(name) + len(value) >= MAX_PARAMETER_CHARACTERS:
        raise TwimlError(
            INVALID_DOCUMENT,
            f"<Parameter name={name!r}>: name and value must stay below 500 characters together.",
        )
    return name, value
