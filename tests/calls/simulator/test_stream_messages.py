"""The JSON of media streams."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.simulator.stream_messages import (
    Clear,
    InvalidMessageError,
    Mark,
    Media,
    Writer,
    parse,
)

SID = "MZ" + "0" * 32


def message(event: str, **fields: object) -> str:
    return json.dumps({"event": event, "streamSid": SID, **fields})


def writer() -> Writer:
    return Writer(account_sid="AC1", call_sid="CA1", stream_sid=SID)


def test_parse_reads_each_message() -> None:
    """The three messages a server may send."""
    assert parse(message("media", media={"payload": "/w=="}), SID) == Media(b"\xff")
    assert parse(message("mark", mark={"name": "m"}), SID) == Mark("m")
    assert parse(message("clear"), SID) == Clear()


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '"media"',
        message("teleport"),
        message("clear", extra=1),
        message("media"),
        message("media", media={"payload": 1}),
        message("media", media={"payload": "?"}),
        message("media", media={"payload": "/w==", "track": "outbound"}),
        message("media", media={"payload": "/w=="}, sequenceNumber="1"),
        message("mark", mark={}),
        message("mark", mark="m"),
        json.dumps({"event": "clear", "streamSid": "MZ1"}),
        json.dumps({"event": "clear"}),
        "[" * 100_000,
    ],
)
def test_parse_refuses_what_twilio_warns_of(text: str) -> None:
    """Missing, extra and ill-typed fields, and other streams' SIDs."""
    with pytest.raises(InvalidMessageError):
        parse(text, SID)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["event", "streamSid", "media", "mark", "payload", "name"]), inner
        )
    ),
)


@given(_JSON, st.sampled_from(["media", "mark", "clear", "x"]))
def test_parse_raises_nothing_but_its_error(value: object, event: str) -> None:
    """Any JSON is a message or an InvalidMessageError."""
    text = json.dumps({"event": event, "streamSid": SID, event: value})
    with suppress(InvalidMessageError):
        assert isinstance(parse(text, SID), Media | Mark | Clear)


def test_writer_counts_in_strings() -> None:
    """One sequence for all messages, one chunk count for each track."""
    out = writer()
    first = json.loads(out.start(("inbound", "outbound"), {}))
    media = [json.loads(out.media(track, 120, "/w==")) for track in ("inbound", "outbound")]
    assert [m["sequenceNumber"] for m in (first, *media)] == ["1", "2", "3"]
    assert [m["media"]["chunk"] for m in media] == ["1", "1"]
    assert media[0]["media"]["timestamp"] == "120"


def test_writer_names_the_track_of_keys_as_twilio_does() -> None:
    """Keys come on `inbound_track`, sound on `inbound`."""
    assert json.loads(writer().dtmf("5"))["dtmf"] == {"track": "inbound_track", "digit": "5"}


def test_writer_ends_with_both_sids() -> None:
    """stop names account and call."""
    assert json.loads(writer().stop())["stop"] == {"accountSid": "AC1", "callSid": "CA1"}
