"""The TwiML documents that a call is told to follow, built with the twilio package. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from twilio.twiml.voice_response import Start, VoiceResponse

from calls.twilio.stream_token import PARAMETER

MAX_SAY_CHARACTERS = 2_900
"""The strictest limit of the voices (3,000, Polly) with room for XML: twilio.com error 13521."""

MAX_UPDATE_CHARACTERS = 4_000
"""What the REST API takes as `Twiml`: twilio.com error 32018."""

# What XML 1.0 cannot carry. The twilio package lets it through, and Twilio then drops the call.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Voice:
    """How `<Say>` sounds: a BCP-47 language, and a voice of Twilio's or blank for its default."""

    language: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class StreamOffer:
    """The media stream that a document opens."""

    url: str
    name: str
    token: str
    status_callback: str


def greet(text: str, voice: Voice, stream: StreamOffer, silence: int, next_url: str) -> str:
    """Greet the caller, then listen."""
    response = VoiceResponse()
    _say(response, text, voice)
    _open(response, stream)
    return _wait(response, silence, next_url)


def reopen(text: str, voice: Voice, stream: StreamOffer, silence: int, next_url: str) -> str:
    """Listen again after the stream was lost; the caller may speak into what is said."""
    response = VoiceResponse()
    _open(response, stream)
    _say(response, text, voice)
    return _wait(response, silence, next_url)


@lru_cache(maxsize=1024)  # replies are fixed texts, and a caller waits for the document
def say(text: str, voice: Voice, silence: int, next_url: str) -> str:
    """Say something, or nothing, and go on listening to the stream that is open."""
    response = VoiceResponse()
    _say(response, text, voice)
    return _wait(response, silence, next_url)


@lru_cache(maxsize=1024)
def say_and_hang_up(text: str, voice: Voice) -> str:
    """Say something to its end, then end the call. An empty text ends it at once."""
    response = VoiceResponse()
    _say(response, text, voice)
    response.hangup()
    return str(response)


def speaking_seconds(text: str) -> float:
    """Estimate, on the long side, how long `<Say>` takes: 10 characters a second."""
    return 1.0 + len(text) / 10


def _say(response: VoiceResponse, text: str, voice: Voice) -> None:
    for piece in _pieces(_NOT_XML.sub(" ", text).strip()):
        response.say(piece, voice=voice.name or None, language=voice.language)


def _open(response: VoiceResponse, offer: StreamOffer) -> None:
    start = Start()
    stream = start.stream(
        url=offer.url,
        name=offer.name,
        track="inbound_track",
        status_callback=offer.status_callback,
        status_callback_method="POST",
    )
    stream.parameter(name=PARAMETER, value=offer.token)
    response.append(start)


def _wait(response: VoiceResponse, silence: int, next_url: str) -> str:
    response.pause(length=silence)
    response.redirect(next_url, method="POST")
    return str(response)


def _pieces(text: str) -> Iterator[str]:
    """Cut a text that is too long for one `<Say>`, behind a sentence or word where it can."""
    while len(text) > MAX_SAY_CHARACTERS:
        head = text[:MAX_SAY_CHARACTERS]
        sentence = max(head.rfind(end) for end in (". ", "! ", "? "))
        cut = max(sentence + 1, 0) or max(head.rfind(" "), 0) or MAX_SAY_CHARACTERS
        yield text[:cut]
        text = text[cut:].lstrip()
    if text:
        yield text
