"""A whole simulated call, as `make call` prints it, with a bot of a few lines."""

import asyncio
import io
import re
from datetime import UTC, datetime
from functools import partial

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web

from calls.simulator import Twilio
from calls.simulator import conversation as subject
from calls.simulator.console import Console
from calls.simulator.conversation import Conversation, ConversationError
from calls.simulator.options import Clip, Options
from tests.calls.simulator.conftest import ACCOUNT, Server

START = '<Start><Stream url="/media"/></Start>'
WAIT = "<Pause length='3600'/>"
FRAMES = 5
LOUD = b"\x00" * 160 * FRAMES


class Talk:
    """A conversation with a bot that gives one answer to each clip."""

    def __init__(self, server: Server, twilio: Twilio) -> None:
        self.server = server
        self.clips = [Clip("hello.wav", LOUD)]
        self.answers: list[str] = []
        self.turns: list[dict[str, object]] = []
        self._twilio = twilio

    async def run(self) -> str:
        """Hold it; returns what was printed."""
        out = io.StringIO()
        options = Options(self.server.url, ACCOUNT, 0, tuple(self.clips))
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._answer())
            tasks.create_task(Conversation(self._twilio, options, Console(out)).run())
        return out.getvalue()

    async def _answer(self) -> None:
        headers = {
            "Authorization": aiohttp.encode_basic_auth(ACCOUNT.sid, ACCOUNT.auth_token),
        }
        async with aiohttp.ClientSession(self._twilio.api_url, headers=headers) as session:
            for number, answer in enumerate(self.answers, start=1):
                await self.server.heard(number * FRAMES)
                for role, text in (("caller", f"word {number}"), ("bot", answer)):
                    at = datetime.now(UTC).isoformat()
                    self.turns.append({"role": role, "text": text, "at": at})
                (call,) = self._twilio.calls.values()
                path = f"/2010-04-01/Accounts/{ACCOUNT.sid}/Calls/{call.sid}.json"
                await session.post(path, data={"Twiml": f"<Response>{answer}</Response>"})


@pytest_asyncio.fixture
async def talk(server: Server, twilio: Twilio, monkeypatch: pytest.MonkeyPatch) -> Talk:
    """A bot that greets and listens; patience is short."""
    server.twiml["/voice/stream"] = f"<Say>Welcome.</Say>{START}{WAIT}"
    monkeypatch.setattr(subject, "ANSWER_SECONDS", 0.5)
    monkeypatch.setattr(subject, "STREAM_SECONDS", 0.5)
    monkeypatch.setattr(subject, "GOODBYE_SECONDS", 0.2)
    monkeypatch.setattr(subject, "BREATH_SECONDS", 0.05)
    talk = Talk(server, twilio)
    server.json["/voice/transcript"] = {
        "call": {"admin_url": "http://bot.test/admin/1"},
        "turns": talk.turns,
    }
    return talk


async def failure(talk: Talk) -> str:
    with pytest.raises(ExceptionGroup) as failed:
        await talk.run()
    (error,) = failed.value.exceptions
    assert isinstance(error, ConversationError)
    return str(error)


@pytest.mark.asyncio
async def test_conversation_is_printed_turn_by_turn(talk: Talk) -> None:
    """Who said what, what was heard of it, and how long it took."""
    talk.clips *= 2
    talk.answers = [f"<Say>Answer 1</Say>{WAIT}", "<Say>Bye</Say><Hangup/>"]
    lines = [re.sub(r"^ *[\d.]+ s  ", "", line) for line in (await talk.run()).splitlines()]
    patterns = [
        r"Bot     Welcome\.",
        r"Caller  hello\.wav \(0\.1 s\)",
        r'Heard   "word 1" +\d+ ms after the last sound',
        r"Bot     Answer 1 +\d+ ms after it was heard",
        r"Caller  hello\.wav \(0\.1 s\)",
        r'Heard   "word 2" +\d+ ms after the last sound',
        r"Bot     Bye +\d+ ms after it was heard",
    ]
    for line, pattern in zip(lines, patterns, strict=False):
        assert re.fullmatch(pattern, line)
    end = " ".join(" ".join(lines[len(patterns) :]).split())
    assert end == (
        "Call ended: the bot hung up. Caller: 2 spoken, 2 heard, 0 lost. Bot: 2 turns. "
        "Transcript: http://bot.test/admin/1"
    )


@pytest.mark.asyncio
async def test_caller_hangs_up_when_all_is_said(talk: Talk) -> None:
    """A bot that does not end the call is left."""
    talk.answers = [f"<Say>Answer</Say>{WAIT}"]
    assert "Call ended: the caller hung up." in await talk.run()


@pytest.mark.asyncio
async def test_clips_after_the_bots_goodbye_are_listed(talk: Talk) -> None:
    """They were not spoken."""
    talk.clips = [*talk.clips, Clip("late.wav", LOUD)]
    talk.answers = ["<Say>Bye</Say><Hangup/>"]
    assert "Not spoken: late.wav." in await talk.run()


@pytest.mark.asyncio
async def test_missing_transcript_is_told(talk: Talk) -> None:
    """The call is printed without what was heard."""
    talk.server.answers["/voice/transcript"] = partial(web.Response, status=404)
    talk.answers = ["<Say>Bye</Say><Hangup/>"]
    printed = await talk.run()
    assert "Heard" not in printed
    assert "What was heard is not known" in printed


@pytest.mark.asyncio
async def test_unheard_clip_is_a_failure(talk: Talk) -> None:
    """A bot that answers without having heard anything lost the caller's words."""
    talk.answers = ["<Say>Are you there?</Say><Hangup/>"]
    talk.server.json["/voice/transcript"]["turns"] = []
    assert "1 of 1" in await failure(talk)


@pytest.mark.asyncio
async def test_silent_bot_is_a_failure(talk: Talk) -> None:
    """It names the clip that got no answer."""
    assert "an answer to hello.wav" in await failure(talk)


@pytest.mark.asyncio
async def test_bot_without_stream_is_a_failure(talk: Talk) -> None:
    """Without a media stream nothing can be heard."""
    talk.server.twiml["/voice/stream"] = f"<Say>Welcome.</Say>{WAIT}"
    assert "No media stream" in await failure(talk)


@pytest.mark.asyncio
async def test_refused_signature_is_explained(talk: Talk) -> None:
    """A 403 most often is a token that differs."""
    talk.server.answers["/voice/stream"] = partial(web.Response, status=403)
    assert "TWILIO_AUTH_TOKEN" in await failure(talk)
