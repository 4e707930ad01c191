"""The JSON messages of a media stream, in both directions.

Source: twilio.com/docs/voice/media-streams/websocket-messages. `sequenceNumber`, `chunk` and
`timestamp` travel as strings.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

INVALID_MESSAGE: Final = 31951
UNDECODABLE: Final = 31950

CONNECTED: Final = json.dumps({"event": "connected", "protocol": "Call", "version": "1.0.0"})


class InvalidMessageError(Exception):
    """What a server sent is no message of a media stream; Twilio warns with error 31951."""


@dataclass(frozen=True, slots=True)
class Media:
    """Sound to play to the caller: mu-law at 8 kHz, of any length."""

    audio: bytes


@dataclass(frozen=True, slots=True)
class Mark:
    """A name to send back when everything before it has been played."""

    name: str


@dataclass(frozen=True, slots=True)
class Clear:
    """Drop what has not been played yet."""


ServerMessage = Media | Mark | Clear


class Writer:
    """Forms the messages Twilio sends on one stream, and counts them."""

    def __init__(self, *, account_sid: str, call_sid: str, stream_sid: str) -> None:
        self._account_sid = account_sid
        self._call_sid = call_sid
        self.stream_sid = stream_sid
        self._sequence = 0
        self._chunks: dict[str, int] = {}

    def start(self, tracks: tuple[str, ...], parameters: Mapping[str, str]) -> str:
        """Announce the stream; `tracks` are `inbound` and `outbound`."""
        return self._message(
            "start",
            {
                "accountSid": self._account_sid,
                "streamSid": self.stream_sid,
                "callSid": self._call_sid,
                "tracks": list(tracks),
                "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
                "customParameters": dict(parameters),
            },
        )

    def media(self, track: str, timestamp_ms: int, payload: str) -> str:
        """Carry one frame; `payload` is base64. Written by hand: it is sent 50 times a second."""
        self._sequence += 1
        chunk = self._chunks.get(track, 0) + 1
        self._chunks[track] = chunk
        return (
            f'{{"event":"media","sequenceNumber":"{self._sequence}","media":{{"track":"{track}",'
            f'"chunk":"{chunk}","timestamp":"{timestamp_ms}","payload":"{payload}"}},'
            f'"streamSid":"{self.stream_sid}"}}'
        )

    def dtmf(self, digit: str) -> str:
        """Report a key the caller pressed."""
        return self._message("dtmf", {"track": "inbound_track", "digit": digit})

    def mark(self, name: str) -> str:
        """Give a mark back."""
        return self._message("mark", {"name": name})

    def stop(self) -> str:
        """Announce the end of the stream."""
        return self._message("stop", {"accountSid": self._account_sid, "callSid": self._call_sid})

    def _message(self, event: str, body: Mapping[str, object]) -> str:
        self._sequence += 1
        return json.dumps(
            {
                "event": event,
                "sequenceNumber": str(self._sequence),
                event: body,
                "streamSid": self.stream_sid,
            }
        )


def parse(text: str, stream_sid: str) -> ServerMessage:
    """Read what a server sent. Missing, extra and ill-typed fields raise InvalidMessageError."""
    try:
        message = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidMessageError("not JSON") from error
    if not isinstance(message, dict):
        raise InvalidMessageError("not an object")
    event = message.get("event")
    if event not in {"media", "mark", "clear"}:
        raise InvalidMessageError("unknown event")
    if message.get("streamSid") != stream_sid:
        raise InvalidMessageError(f"{event}: streamSid is not this stream's")
    if event == "clear":
        _only_fields(message, {"event", "streamSid"}, "clear")
        return Clear()
    _only_fields(message, {"event", "streamSid", event}, event)
    field = {"media": "payload", "mark": "name"}[event]
    body = message[event]
    if not isinstance(body, dict) or not isinstance(body.get(field), str):
        raise InvalidMessageError(f"{event}.{field}: expected a string")
    _only_fields(body, {field}, event)
    if event == "mark":
        return Mark(body["name"])
    try:
        return Media(base64.b64decode(body["payload"], validate=True))
    except (binascii.Error, ValueError) as error:
        raise InvalidMessageError("media.payload: not base64") from error


def _only_fields(message: Mapping[str, object], fields: set[str], where: str) -> None:
    missing, extra = fields - message.keys(), message.keys() - fields
    if missing or extra:
        raise InvalidMessageError(f"{where}: missing {sorted(missing)}, extra {sorted(extra)}")
