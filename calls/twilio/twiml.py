"""The TwiML documents that a call is told to follow, built with the twilio package. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from twilio.twiml import TwiML
from twilio.twiml.voice_response import (
    Connect,
    Dial,
    Gather,
    Say,
    SsmlProsody,
    Start,
    Stop,
    VoiceResponse,
)

from calls.twilio import say_markup
from calls.twilio.stream_token import PARAMETER
from chatbot import ssml
from chatbot.actions.base import Directive, Hangup, Play, Transfer
from chatbot.ssml_tree import xml_text

MAX_SAY_CHARACTERS = 2_900
"""The strictest limit of the voices (3,000, Polly) with room for XML: twilio.com error 13521."""

MAX_UPDATE_CHARACTERS = 4_000
"""What the REST API takes as `Twiml`: twilio.com error 32018."""

MAX_GATHER_HINTS = 500

KEYS_SECONDS = 2
"""How long a `<Gather>` waits for another key: the entry is then complete."""

RING_SECONDS = 25
"""How long a transfer rings before the call comes back: about five times."""


@dataclass(frozen=True, slots=True)
class Voice:
    """How `<Say>` sounds: a BCP-47 language, and a voice of Twilio's or blank for its default.

    `speed` is in percent of the voice's own; the oldest voices, man and woman, know no other.
    """

    language: str
    name: str = ""
    speed: int = 100


@dataclass(frozen=True, slots=True)
class StreamOffer:
    """The media stream that a document opens."""

    url: str
    name: str
    token: str
    status_callback: str


@dataclass(frozen=True, slots=True)
class Speech:
    """What is spoken, and what is done after it. An empty text says nothing.

    The text is plain, or markup as `chatbot.ssml` knows it.
    """

    text: str
    voice: Voice
    then: tuple[Directive, ...] = ()

    @property
    def hangs_up(self) -> bool:
        """Whether the call ends after it."""
        return any(isinstance(directive, Hangup) for directive in self.then)

    @property
    def transfers(self) -> bool:
        """Whether the call is connected to somebody else after it."""
        return any(isinstance(directive, Transfer) for directive in self.then)


@dataclass(frozen=True, slots=True)
class Onward:
    """Where a call goes on after `silence`, in seconds, and after a transfer.

    `stream` is the name of the stream that is open, or blank: nobody listens during a transfer.
    """

    silence: int
    next_url: str
    dialled_url: str
    stream: str = ""


def greet(speech: Speech, stream: StreamOffer, onward: Onward) -> str:
    """Greet the caller, then listen."""
    response = VoiceResponse()
    _say(response, speech)
    _open(response, stream)
    return _wait(response, onward)


def reopen(speech: Speech, stream: StreamOffer, onward: Onward) -> str:
    """Listen again after the stream was lost; the caller may speak into what is said."""
    if speech.hangs_up or speech.transfers:
        return say(speech, onward)
    response = VoiceResponse()
    _open(response, stream)
    _say(response, speech)
    return _wait(response, onward)


def connect(speech: Speech, stream: StreamOffer, onward: Onward, *, wait_seconds: int = 0) -> str:
    """Have the caller hear audio of our own, until the stream is closed; then ask what to do."""
    response = VoiceResponse()
    _say(response, speech)
    if wait_seconds:
        response.pause(length=wait_seconds)
    connection = Connect()
    _stream(connection, stream)
    response.append(connection)
    response.redirect(onward.next_url, method="POST")
    return str(response)


def gather(
    speech: Speech,
    hints: tuple[str, ...],
    action_url: str,
    onward: Onward,
    *,
    language: str = "",
) -> str:
    """Say something and have Twilio hear what the caller says to it, or which keys he presses.

    `language` is the caller's where it is another than that of the speech.

    Source: twilio.com/docs/voice/twiml/gather; hints: 500 phrases of 100 characters each.
    """
    response = VoiceResponse()
    # One timeout is for the first key or word and for each further key. So most of the patience
    # with a silent caller is a pause, which ends as soon as he presses a key or speaks.
    timeout = min(KEYS_SECONDS, onward.silence)
    gathering = Gather(
        input="speech dtmf",
        action=action_url,
        method="POST",
        timeout=timeout,
        speech_timeout="auto",
        language=language or speech.voice.language,
        hints=",".join(_gather_hints(hints)) or None,
    )
    _say(gathering, speech)
    if onward.silence > timeout:
        gathering.pause(length=onward.silence - timeout)
    response.append(gathering)
    response.redirect(onward.next_url, method="POST")
    return str(response)


def _gather_hints(hints: tuple[str, ...]) -> list[str]:
    phrases = (_xml_text(hint).replace(",", " ") for hint in hints)
    return [phrase for phrase in phrases if 0 < len(phrase) <= 100][:MAX_GATHER_HINTS]


@lru_cache(maxsize=1024)  # replies are fixed texts, and a caller waits for the document
def say(speech: Speech, onward: Onward) -> str:
    """Say something, or nothing; then do what follows it, or listen to the open stream."""
    response = VoiceResponse()
    _say(response, speech)
    for directive in speech.then:
        match directive:
            case Hangup():
                response.hangup()
                return str(response)
            case Transfer(number):
                return _dial(response, number, onward)
    return _wait(response, onward)


def say_and_hang_up(text: str, voice: Voice) -> str:
    """Say something to its end, then end the call. An empty text ends it at once."""
    return say(Speech(text, voice, (Hangup(),)), Onward(0, "", ""))


def speaking_seconds(text: str) -> float:
    """Estimate, on the long side, how long `<Say>` takes: 10 characters a second."""
    passages = ssml.passages(text)
    pauses = sum(passage.pause_ms for passage in passages) / 1000
    return 1.0 + pauses + sum(len(passage.text) for passage in passages) / 10


def _say(response: VoiceResponse | Gather, speech: Speech) -> None:
    markup = ssml.tree(speech.text)
    if markup is not None and markup.children:
        say_markup.nest(_verb(response, speech.voice), markup.children)
    else:
        for piece in _pieces(_xml_text(ssml.plain(speech.text))):
            _verb(response, speech.voice).nest(piece)
    for directive in speech.then:
        if isinstance(directive, Play):
            response.play(_xml_text(directive.url))


def _verb(response: VoiceResponse | Gather, voice: Voice) -> TwiML:
    """Begin to say something; return what the words go into."""
    say = response.nest(Say(voice=voice.name or None, language=voice.language))
    return say if voice.speed == 100 else say.nest(SsmlProsody(rate=f"{voice.speed}%"))


def _dial(response: VoiceResponse, number: str, onward: Onward) -> str:
    if onward.stream:
        stop = Stop()
        stop.stream(name=onward.stream)
        response.append(stop)
    dial = Dial(action=onward.dialled_url, method="POST", timeout=RING_SECONDS)
    response.append(dial)
    if number.startswith(("sip:", "sips:")):
        dial.sip(_xml_text(number))
    else:
        dial.number(_xml_text(number))
    return str(response)


def _xml_text(text: str) -> str:
    """Return the text without what XML cannot carry."""
    # The twilio package lets it through, and Twilio then drops the call.
    return xml_text(text).strip()


def _open(response: VoiceResponse, offer: StreamOffer) -> None:
    start = Start()
    _stream(start, offer)
    response.append(start)


def _stream(verb: Start | Connect, offer: StreamOffer) -> None:
    stream = verb.stream(
        url=offer.url,
        name=offer.name,
        track="inbound_track",
        status_callback=offer.status_callback,
        status_callback_method="POST",
    )
    stream.parameter(name=PARAMETER, value=offer.token)


def _wait(response: VoiceResponse, onward: Onward) -> str:
    response.pause(length=onward.silence)
    response.redirect(onward.next_url, method="POST")
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
