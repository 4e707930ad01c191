"""A whole simulated call, as `make call` prints it, with a bot of a few lines."""

import asyncio
import base64
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
from tests.waiting import SOON

START = '<Start><Stream url="/media"/></Start>'
WAIT = "<Pause length='3600'/>"
FRAMES = 5
LOUD = b"\x00" * 160 * FRAMES
PIECE = base64.b64encode(b"\x00" * 800).decode()


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
                self._record("caller", f"word {number}")
                self._record("bot", answer)
                (call,) = self._twilio.calls.values()
                path = f"/2010-04-01/Accounts/{ACCOUNT.sid}/Calls/{call.sid}.json"
                await session.post(path, data={"Twiml": f"<Response>{answer}</Response>"})

    def _record(self, role: str, text: str) -> None:
        at = datetime.now(UTC).isoformat()
        self.turns.append({"role": role, "text": text, "at": at})


class SpokenTalk(Talk):
    """A conversation with a bot that gives its answers as audio, on the stream."""

    cut_short = False
    """Whether what is said is cleared as soon as it begins, and said once more."""
    marks = True
    _marks = 0

    async def _answer(self) -> None:
        await self._say("Welcome.")
        for number, answer in enumerate(self.answers, start=1):
            await self.server.heard(number * FRAMES)
            self._record("caller", f"word {number}")
            await self._say(answer)
        if self.marks:
            await self.server.sockets[0].close()

    async def _say(self, text: str) -> None:
        self._record("bot", text)
        start = await self.server.message("start")
        if self.cut_short:
            await self._send(start, "media", payload=PIECE)
            await self._send(start, "clear")
        for _ in range(3):
            await self._send(start, "media", payload=PIECE)
        if not self.marks:
            return
        await self._send(start, "mark", name=text)
        self._marks += 1
        await self.server.message("mark", self._marks)

    async def _send(self, start: dict[str, str], event: str, **body: str) -> None:
        fields = {event: body} if body else {}
        await self.server.sockets[0].send_json(
            {"event": event, "streamSid": start["streamSid"], **fields}
        )


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes is waited for as long as it takes; that nothing follows is seen soon."""
    for name in ("ANSWER_SECONDS", "STREAM_SECONDS", "GOODBYE_SECONDS", "MARK_SECONDS"):
        monkeypatch.setattr(subject, name, SOON)
    monkeypatch.setattr(subject, "BREATH_SECONDS", 0.2)


@pytest_asyncio.fixture
async def talk(server: Server, twilio: Twilio) -> Talk:
    """A bot that greets and listens."""
    server.twiml["/voice/stream"] = f"<Say>Welcome.</Say>{START}{WAIT}"
    talk = Talk(server, twilio)
    server.json["/voice/transcript"] = {
        "call": {"admin_url": "http://bot.test/admin/1"},
        "turns": talk.turns,
    }
    return talk


@pytest_asyncio.fixture
async def spoken_talk(server: Server, twilio: Twilio) -> SpokenTalk:
    """A bot whose words are audio on the stream."""
    server.twiml["/voice/stream"] = '<Connect><Stream url="/media"/></Connect>'
    talk = SpokenTalk(server, twilio)
    server.json["/voice/transcript"] = {
        "call": {"admin_url": "http://bot.test/admin/1"},
        "turns": talk.turns,
    }
    return talk


def without_times(printed: str) -> list[str]:
    return [re.sub(r"^ *[\d.]+ s  ", "", line) for line in printed.splitlines()]


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
    lines = without_times(await talk.run())
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
async def test_audio_is_told_by_the_transcript(spoken_talk: SpokenTalk) -> None:
    """What the bot says when its audio begins, and when it was heard; then the caller speaks."""
    spoken_talk.clips *= 2
    spoken_talk.answers = ["Answer 1", "Bye"]
    patterns = [
        r"Bot     Welcome\.",
        r" +heard to its end, 0\.3 s",
        r"Caller  hello\.wav \(0\.1 s\)",
        r'Heard   "word 1" +\d+ ms after the last sound',
        r"Bot     Answer 1 +\d+ ms after it was heard",
        r" +heard to its end, 0\.3 s",
        r"Caller  hello\.wav \(0\.1 s\)",
        r'Heard   "word 2" +\d+ ms after the last sound',
        r"Bot     Bye +\d+ ms after it was heard",
        r" +heard to its end, 0\.3 s",
    ]
    lines = without_times(await spoken_talk.run())
    for line, pattern in zip(lines, patterns, strict=False):
        assert re.fullmatch(pattern, line)
    assert "2 spoken, 2 heard, 0 lost." in " ".join(lines)


@pytest.mark.asyncio
async def test_audio_that_is_cleared_is_told(spoken_talk: SpokenTalk) -> None:
    """With how much of it was heard; what is said again is printed again."""
    spoken_talk.clips = []
    spoken_talk.cut_short = True
    lines = without_times(await spoken_talk.run())
    assert lines[0] == "Bot     Welcome."
    assert re.fullmatch(r" +cleared after 0\.\d s", lines[1])
    assert lines[2] == "Bot     Welcome."
    assert re.fullmatch(r" +heard to its end, 0\.3 s", lines[3])


@pytest.mark.asyncio
async def test_audio_without_a_mark_is_listened_to_all_the_same(
    spoken_talk: SpokenTalk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The caller speaks when he hears nothing more."""
    monkeypatch.setattr(subject, "GOODBYE_SECONDS", 1)
    monkeypatch.setattr(subject, "MARK_SECONDS", 1.2)
    spoken_talk.marks = False
    spoken_talk.answers = ["Answer"]
    assert "1 spoken, 1 heard, 0 lost" in " ".join(without_times(await spoken_talk.run()))


@pytest.mark.asyncio
async def test_caller_hangs_up_when_all_is_said(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bot that does not end the call is left."""
    monkeypatch.setattr(subject, "GOODBYE_SECONDS", 1)
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
async def test_silent_bot_is_a_failure(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    """It names the clip that got no answer."""
    monkeypatch.setattr(subject, "ANSWER_SECONDS", 2)
    assert "an answer to hello.wav" in await failure(talk)


@pytest.mark.asyncio
async def test_bot_without_stream_is_a_failure(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a media stream nothing can be heard."""
    monkeypatch.setattr(subject, "STREAM_SECONDS", 2)
    talk.server.twiml["/voice/stream"] = f"<Say>Welcome.</Say>{WAIT}"
    assert "No media stream" in await failure(talk)


@pytest.mark.asyncio
async def test_call_that_twilio_is_to_hear_from_the_start_is_explained(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server has no recognizer."""
    monkeypatch.setattr(subject, "STREAM_SECONDS", 2)
    gather = '<Gather input="speech"><Say>Welcome.</Say><Pause length="3600"/></Gather>'
    talk.server.twiml["/voice/stream"] = gather
    assert subject.HEARD_BY_TWILIO in await failure(talk)


@pytest.mark.asyncio
async def test_call_that_is_left_to_twilio_half_way_is_explained(
    talk: Talk, twilio: Twilio
) -> None:
    """The server's recognizer failed."""
    talk.answers = ['<Gather input="speech" timeout="3600"><Say>Hi.</Say></Gather>']
    talk.clips = [*talk.clips, Clip("more.wav", LOUD)]

    async def end_behind_the_second_clip() -> None:
        await talk.server.heard(2 * FRAMES)
        (call,) = twilio.calls.values()
        call.complete()

    ending = asyncio.create_task(end_behind_the_second_clip())
    assert f"1 of 2 clips were not heard. {subject.HEARD_BY_TWILIO}" in await failure(talk)
    await ending


@pytest.mark.asyncio
async def test_refused_signature_is_explained(talk: Talk) -> None:
    """A 403 most often is a token that differs."""
    talk.server.answers["/voice/stream"] = partial(web.Response, status=403)
    assert "TWILIO_AUTH_TOKEN" in await failure(talk)
