"""The messages of a Twilio media stream: JSON text in, frozen values out. Pure.

Source: twilio.com/docs/voice/media-streams/websocket-messages. Twilio adds fields
without notice, so what is not needed here is passed over unread.
"""

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

MAX_FRAME_CHARACTERS = 65_536
"""A longer frame is malformed. Twilio's own are about 400 characters."""


class Connected(Struct, frozen=True, tag_field="event", tag="connected"):
    """The socket is up; it says nothing yet of the call it belongs to."""


class _MediaFormat(Struct, frozen=True):
    encoding: str = "audio/x-mulaw"
    sampleRate: int = 8000  # noqa: N815 - Twilio's spelling
    channels: int = 1


class _StartBody(Struct, frozen=True, rename="camel"):
    account_sid: Annotated[str, Meta(max_length=64)]
    call_sid: Annotated[str, Meta(max_length=64)]
    media_format: _MediaFormat = _MediaFormat()
    custom_parameters: dict[str, str] | None = None


class Start(Struct, frozen=True, rename="camel", tag_field="event", tag="start"):
    """The stream names its call and carries the parameters given with it in TwiML."""

    stream_sid: Annotated[str, Meta(max_length=64)]
    start: _StartBody
    custom_parameters: dict[str, str] | None = None
    """Where some servers that speak this protocol put them, in place of inside `start`."""

    @property
    def parameters(self) -> dict[str, str]:
        """The stream's `<Parameter>` values; empty where none were sent."""
        return self.start.custom_parameters or self.custom_parameters or {}


class _MediaBody(Struct, frozen=True):
    payload: bytes  # decoded from base64
    track: str = "inbound"


class Media(Struct, frozen=True, rename="camel", tag_field="event", tag="media"):
    """A piece of audio, mu-law 8 kHz; Twilio sends 160 bytes, 20 ms, at a time."""

    media: _MediaBody
    stream_sid: str = ""


class _DtmfBody(Struct, frozen=True):
    digit: Annotated[str, Meta(pattern="^[0-9A-D*#]$")]


class Dtmf(Struct, frozen=True, rename="camel", tag_field="event", tag="dtmf"):
    """The caller pressed a key."""

    dtmf: _DtmfBody


class _MarkBody(Struct, frozen=True):
    name: str


class Mark(Struct, frozen=True, rename="camel", tag_field="event", tag="mark"):
    """Audio that we sent was played up to this mark, or was cleared."""

    mark: _MarkBody


class Stop(Struct, frozen=True, rename="camel", tag_field="event", tag="stop"):
    """The stream has ended: the call did, or its TwiML ended the stream."""

    stream_sid: str


class Unknown(Struct, frozen=True):
    """A well-formed message of a kind that is not known here."""

    event: str


class Malformed(Struct, frozen=True):
    """Not a message of a media stream. `reason` quotes nothing that the sender wrote."""

    reason: str


Message = Connected | Start | Media | Dtmf | Mark | Stop
_KINDS = frozenset({"connected", "start", "media", "dtmf", "mark", "stop"})


class _Envelope(Struct, frozen=True):
    event: Annotated[str, Meta(max_length=64)]


_message_decoder = msgspec.json.Decoder(Message)
_envelope_decoder = msgspec.json.Decoder(_Envelope)
_MEDIA_FORMAT = _MediaFormat()


def parse(text: str) -> Message | Unknown | Malformed:
    """Read one text frame. Never raises, whatever the text."""
    if len(text) > MAX_FRAME_CHARACTERS:
        return Malformed(f"longer than {MAX_FRAME_CHARACTERS} characters")
    try:
        message: Message = _message_decoder.decode(text)
    except msgspec.ValidationError as error:
        return _unknown_or_malformed(text, error)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError) as error:
        return Malformed(f"not JSON ({type(error).__name__})")
    if type(message) is Start and message.start.media_format != _MEDIA_FORMAT:
        return Malformed("a media format other than mu-law, 8000 Hz, one channel")
    return message


def _unknown_or_malformed(text: str, error: msgspec.ValidationError) -> Unknown | Malformed:
    try:
        event = _envelope_decoder.decode(text).event
    except (msgspec.DecodeError, RecursionError):
        return Malformed("no event named")
    if event not in _KINDS:
        return Unknown(event)
    # msgspec's message names the types expected and the path, never the value.
    return Malformed(f"{event}: {error}")


# --- Messages to Twilio -----------------------------------------------------------------------
# A field that Twilio does not know makes a message invalid: twilio.com error 31951.


class _Payload(Struct, frozen=True):
    payload: bytes  # encoded as base64


class _MediaOut(Struct, frozen=True, rename="camel", tag_field="event", tag="media"):
    stream_sid: str
    media: _Payload


class _MarkOut(Struct, frozen=True, rename="camel", tag_field="event", tag="mark"):
    stream_sid: str
    mark: _MarkBody


class _ClearOut(Struct, frozen=True, rename="camel", tag_field="event", tag="clear"):
    stream_sid: str


_encoder = msgspec.json.Encoder()


def media_message(stream_sid: str, audio: bytes) -> str:
    """Return the message by which the caller hears audio: mu-law 8 kHz, without a header."""
    return _encoder.encode(_MediaOut(stream_sid, _Payload(audio))).decode()


def mark_message(stream_sid: str, name: str) -> str:
    """Return the message that has Twilio report when all before it was played, or cleared."""
    return _encoder.encode(_MarkOut(stream_sid, _MarkBody(name))).decode()


def clear_message(stream_sid: str) -> str:
    """Return the message that drops what was sent and not yet played."""
    return _encoder.encode(_ClearOut(stream_sid)).decode()
