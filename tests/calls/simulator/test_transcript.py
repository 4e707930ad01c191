"""Asking a server what it heard."""

from collections.abc import Callable
from functools import partial

import pytest
from aiohttp import web

from calls.simulator.transcript import TranscriptError, Transcripts
from tests.calls.simulator.conftest import ACCOUNT, Server

SID = "CA" + "1" * 32


@pytest.mark.asyncio
async def test_transcript_is_read(server: Server) -> None:
    """Turns by who said them, their times as seconds."""
    server.json["/voice/transcript"] = {
        "call": {"admin_url": "http://bot.test/1"},
        "turns": [
            {"role": "bot", "text": "Hi", "at": "2026-01-01T00:00:00+00:00"},
            {"role": "caller", "text": "hello", "at": "2026-01-01T00:00:01Z"},
        ],
    }
    transcript = await Transcripts(server.url, ACCOUNT).get(SID)
    assert transcript.admin_url == "http://bot.test/1"
    assert [turn.text for turn in transcript.by("caller")] == ["hello"]
    assert transcript.turns[1].at - transcript.turns[0].at == 1.0


@pytest.mark.asyncio
async def test_request_is_signed_over_its_query(server: Server) -> None:
    """As every GET of Twilio's."""
    server.json["/voice/transcript"] = {"call": {"admin_url": ""}, "turns": []}
    await Transcripts(server.url, ACCOUNT).get(SID)
    url = f"{server.url}/voice/transcript?CallSid={SID}"
    assert server.posts[0][2]["X-Twilio-Signature"] == ACCOUNT.sign(url)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "answer",
    [
        partial(web.Response, status=404),
        partial(web.Response, text="<html>"),
        partial(web.Response, text="{}", content_type="application/json"),
    ],
)
async def test_other_answers_are_errors(server: Server, answer: Callable[[], web.Response]) -> None:
    """The error names the address."""
    server.answers["/voice/transcript"] = answer
    with pytest.raises(TranscriptError, match="/voice/transcript"):
        await Transcripts(server.url, ACCOUNT).get(SID)
