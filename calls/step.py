"""What a call does next, as a value; `calls.views` writes it as TwiML."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from calls.conversation import ONWARD_REASONS
from calls.models import Call, Stream, Turn
from calls.transcript import turn_manner
from calls.twilio import stream_token
from calls.twilio.twiml import Speech, Voice
from chatbot import actions
from chatbot.actions.base import Hangup
from chatbot.manner import AS_EVER, Manner
from chatbot.script import Script

TWILIO_VOICES = ("Polly.", "Google.")
"""How the names of Twilio's voices begin: twilio.com/docs/voice/twiml/say/text-speech."""

BASIC_VOICES = frozenset({"man", "woman", "alice"})
"""Those of the oldest kind: the same page."""


STREAM_STALE_AFTER = timedelta(seconds=4)
"""An open stream not seen for so long has lost its process: it is seen once a second."""


@dataclass(frozen=True, slots=True)
class IssuedStream:
    """A stream that may be opened once with `token`."""

    name: str
    token: str


@dataclass(frozen=True, slots=True)
class Step:
    """What a call does now: speak, and listen for `listen_seconds` unless that ends the call.

    `is_connected` has the caller hear audio of our own, by the stream that is opened. `gathers`
    has the telephone service hear the caller, expecting `hints`, in `language` where it is not
    the bot's.
    """

    speech: Speech
    listen_seconds: int = 0
    stream: IssuedStream | None = None
    """The stream to open, where none is open."""
    open_stream: str = ""
    """The name of the stream that is open, or blank."""
    speak_first: bool = False
    """Whether the stream is opened after the text is spoken, not before."""
    errand: int | None = None
    """The turn whose text message is now to be sent, or None."""
    is_connected: bool = False
    wait_seconds: int = 0
    """How long to wait in silence before that stream is opened."""
    gathers: bool = False
    hints: tuple[str, ...] = ()
    language: str = ""

    @property
    def text(self) -> str:
        return self.speech.text

    @property
    def hangs_up(self) -> bool:
        return self.speech.hangs_up


def voice_of(script: Script, manner: Manner = AS_EVER) -> Voice:
    """Return the voice in which Twilio says something.

    A name that means nothing to Twilio, such as that of a voice of our own, gives way to the
    default: in a voice that it does not know, Twilio may say nothing at all.
    """
    name = manner.voice or script.voice
    if not (name.startswith(TWILIO_VOICES) or name in BASIC_VOICES):
        name = ""
    return Voice(script.language, name, manner.speed or script.speed)


def speech_of(script: Script, turn: Turn, *, text: str | None = None) -> Speech:
    """Return a turn of the bot as it is spoken, with what is done after it.

    `text` is said in place of its own.
    """
    then = actions.directives(turn.action, turn.parameter)
    said = turn.text if text is None else text
    return Speech(said, voice_of(script, turn_manner(turn)), then)


def hang_up(script: Script) -> Step:
    """End the call without a word."""
    return Step(Speech("", voice_of(script), (Hangup(),)))


def stream_issue(call: Call) -> IssuedStream:
    """Let the call open one more stream."""
    token = stream_token.new_token()
    stream = Stream.objects.create(
        call=call,
        token_digest=stream_token.digest(token),
        expires_at=timezone.now() + stream_token.LIFETIME,
    )
    return IssuedStream(stream.name, token)


def live_stream(call: Call, now: datetime) -> Stream | None:
    """Return the stream whose process is alive, or None."""
    return call.streams.filter(
        opened_at__isnull=False, closed_at=None, seen_at__gt=now - STREAM_STALE_AFTER
    ).last()


def streams_since_heard(call: Call) -> int:
    """Return how many streams were issued in vain since the caller was last heard."""
    streams = call.streams.exclude(close_reason__in=ONWARD_REASONS)
    last_heard = call.turns.filter(role=Turn.Role.CALLER).last()
    if last_heard is not None:
        streams = streams.filter(issued_at__gt=last_heard.at)
    return streams.count()
