"""The parser of media stream messages."""

import base64
import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.twilio.media_stream import (
    MAX_FRAME_CHARACTERS,
    Connected,
    Dtmf,
    Malformed,
    Mark,
    Media,
    Start,
    Stop,
    Unknown,
    parse,
)

SID = "MZ" + "1" * 32
START: dict[str, Any] = {
    "event": "start",
    "sequenceNumber": "1",
    "start": {
        "accountSid": "AC" + "0" * 32,
        "streamSid": SID,
        "callSid": "CA" + "2" * 32,
        "tracks": ["inbound"],
        "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
        "customParameters": {"token": "abc"},
    },
    "streamSid": SID,
}


def media(payload: str) -> str:
    return json.dumps(
        {
            "event": "media",
            "sequenceNumber": "2",
            "media": {"track": "inbound", "chunk": "1", "timestamp": "102", "payload": payload},
            "streamSid": SID,
        }
    )


def start(**changes: Any) -> str:
    return json.dumps({**START, "start": {**START["start"], **changes}})


def test_media_payload_is_decoded() -> None:
    """A media frame gives its audio as bytes."""
    message = parse(media(base64.b64encode(b"\xff\x7f" * 80).decode()))
    assert isinstance(message, Media)
    assert message.media.payload == b"\xff\x7f" * 80


@given(st.binary(max_size=2000))
def test_media_payload_survives_the_wire(audio: bytes) -> None:
    """Whatever the audio, it arrives as it was sent."""
    message = parse(media(base64.b64encode(audio).decode()))
    assert isinstance(message, Media)
    assert message.media.payload == audio


def test_start_names_call_account_and_parameters() -> None:
    """A start message gives what the stream is admitted by."""
    message = parse(start())
    assert isinstance(message, Start)
    assert message.start.call_sid == "CA" + "2" * 32
    assert message.start.account_sid == "AC" + "0" * 32
    assert message.stream_sid == SID
    assert message.parameters == {"token": "abc"}


def test_start_without_parameters_has_none() -> None:
    """Older streams leave customParameters out."""
    body = {key: value for key, value in START["start"].items() if key != "customParameters"}
    message = parse(json.dumps({**START, "start": body}))
    assert isinstance(message, Start)
    assert message.parameters == {}


def test_start_parameters_beside_its_body_are_read() -> None:
    """Some servers put customParameters outside `start`."""
    body = {key: value for key, value in START["start"].items() if key != "customParameters"}
    message = parse(json.dumps({**START, "start": body, "customParameters": {"token": "x"}}))
    assert isinstance(message, Start)
    assert message.parameters == {"token": "x"}


@pytest.mark.parametrize(
    "media_format",
    [
        {"encoding": "audio/x-l16", "sampleRate": 8000, "channels": 1},
        {"encoding": "audio/x-mulaw", "sampleRate": 16000, "channels": 1},
        {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 2},
    ],
)
def test_start_in_another_format_is_malformed(media_format: dict[str, Any]) -> None:
    """Audio that would be heard as noise is refused by name."""
    message = parse(start(mediaFormat=media_format))
    assert message == Malformed("a media format other than mu-law, 8000 Hz, one channel")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('{"event":"connected","protocol":"Call","version":"1.0.0"}', Connected),
        ('{"event":"dtmf","dtmf":{"track":"inbound_track","digit":"#"},"streamSid":"M"}', Dtmf),
        ('{"event":"mark","mark":{"name":"end"},"streamSid":"M"}', Mark),
        ('{"event":"stop","stop":{"accountSid":"A","callSid":"C"},"streamSid":"M"}', Stop),
    ],
)
def test_each_documented_message_is_known(text: str, kind: type) -> None:
    """Every kind of Twilio's page is told apart."""
    assert type(parse(text)) is kind


def test_new_kind_of_message_is_unknown_not_malformed() -> None:
    """Twilio may add messages; those are no fault."""
    assert parse('{"event":"teleport","x":1}') == Unknown("teleport")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{",
        '"media"',
        '{"event":null}',
        '{"event":5}',
        '{"event":"media"}',
        '{"event":"media","media":{"payload":5}}',
        '{"event":"media","media":{"payload":"!not base64!"}}',
        '{"event":"start"}',
        '{"event":"start","streamSid":"M","start":{"accountSid":[],"callSid":"C"}}',
        '{"event":"dtmf","dtmf":{"digit":"12"}}',
        '{"event":"stop"}',
        '{"event":"media","media":' + "[" * 60_000,
        "[" * 60_000,
        "\ud800",
        "x" * (MAX_FRAME_CHARACTERS + 1),
    ],
)
def test_malformed_text_is_told_apart(text: str) -> None:
    """Junk gives Malformed with a reason."""
    message = parse(text)
    assert isinstance(message, Malformed)
    assert message.reason


@given(st.text() | st.from_type(dict[str, int | str | None]).map(json.dumps))
def test_no_text_makes_the_parser_raise(text: str) -> None:
    """Whatever comes in is one of the known values."""
    assert isinstance(parse(text), msgspec.Struct)


@given(st.text(min_size=8))
def test_reason_quotes_nothing_of_the_sender(secret: str) -> None:
    """What the caller's side wrote does not get into the log by way of a reason."""
    message = parse(json.dumps({"event": "media", "media": {"payload": 5, "x": secret}}))
    assert isinstance(message, Malformed)
    assert message.reason == "media: Expected `bytes`, got `int` - at `$.media.payload`"
