"""A live caller: what he hears, says and decides, on a small server's calls."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web

from calls.simulator import Dialled, EndReason, Said, SimulatedCall, Twilio, speaker
from calls.simulator.dialling import DialStatus
from calls.simulator.interpreter import FromRest
from calls.simulator.verbs import Gather
from tests.calls.simulator.conftest import ACCOUNT, Server
from tests.waiting import SOON

pytestmark = pytest.mark.asyncio

EAR = '<Start><Stream url="/media" name="ear"/></Start><Pause length="3600"/>'
LINE = '<Connect><Stream url="/media" name="line"/></Connect>'
WAV = (
    b"RIFF\x40\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x07\x00\x01\x00\x40\x1f\x00\x00"
    b"\x40\x1f\x00\x00\x01\x00\x08\x00data\x08\x00\x00\x00\x10\x11\x12\x13\x14\x15\x16\x17"
)


class Hand:
    """Holds a handset: notes what happens, and decides what the test says."""

    def __init__(self) -> None:
        self.notes: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()
        self.spoken = asyncio.Event()
        self.reaction: asyncio.Future[DialStatus] = asyncio.get_running_loop().create_future()
        self.parted = asyncio.Event()

    async def note(self, kind: str) -> Any:
        """Give what came next with a note of that kind; others are passed over."""
        async with asyncio.timeout(SOON):
            while (note := await self.notes.get())[0] != kind:
                pass
        return note[1]

    def hear(self, clip: bytes) -> None:
        self.notes.put_nowait(("hear", clip))

    def clear(self) -> None:
        self.notes.put_nowait(("clear", None))

    def unheard(self, url: str) -> None:
        self.notes.put_nowait(("unheard", url))

    async def speak(self, said: Said) -> None:
        self.notes.put_nowait(("speak", said))
        await self.spoken.wait()

    def listened_to(self, is_heard: bool) -> None:
        self.notes.put_nowait(("listened", is_heard))

    def gather(self, verb: Gather | None) -> None:
        self.notes.put_nowait(("gather", verb))

    async def ring(self, dialled: Dialled) -> DialStatus:
        self.notes.put_nowait(("ring", dialled))
        return await self.reaction

    async def talk(self) -> None:
        self.notes.put_nowait(("talk", None))
        await self.parted.wait()


@pytest_asyncio.fixture
async def live(server: Server) -> AsyncIterator[Twilio]:
    """A Twilio in whose calls time passes as it does."""
    async with Twilio(ACCOUNT, api_port=None) as twilio:
        yield twilio


@pytest_asyncio.fixture
async def hand() -> Hand:
    return Hand()


async def pick_up(live: Twilio, server: Server, hand: Hand) -> SimulatedCall:
    return await live.dial(
        f"{server.url}/voice",
        from_="+31600000001",
        to="+31600000002",
        sid="CA" + "7" * 32,
        handset=hand,
    )


# --- Texts --------------------------------------------------------------------------------------


async def test_text_is_spoken_by_the_handset(live: Twilio, server: Server, hand: Hand) -> None:
    """With its voice and language; the document goes on when it has been spoken."""
    server.twiml["/voice"] = "<Say voice='Polly.Vicki' language='de-DE'>Hallo</Say><Hangup/>"
    call = await pick_up(live, server, hand)
    said = await hand.note("speak")
    assert (said.text, said.voice, said.language) == ("Hallo", "Polly.Vicki", "de-DE")
    assert call.end_reason is None
    hand.spoken.set()
    assert await call.ended(SOON) is EndReason.HANGUP_VERB


async def test_text_that_nobody_tells_the_end_of_is_not_awaited(
    live: Twilio, server: Server, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A voice may break: a call must not hang on it."""
    monkeypatch.setattr(speaker, "BREATH_SECONDS", 0.01)
    server.twiml["/voice"] = "<Say>Hi</Say><Hangup/>"
    call = await pick_up(live, server, hand)
    assert await call.ended(SOON) is EndReason.HANGUP_VERB


async def test_text_is_cut_by_an_update(live: Twilio, server: Server, hand: Hand) -> None:
    """What is said next takes its place."""
    server.twiml["/voice"] = "<Say>One</Say>"
    call = await pick_up(live, server, hand)
    assert (await hand.note("speak")).text == "One"
    call.replace(FromRest("<Response><Say>Two</Say></Response>"))
    assert (await hand.note("speak")).text == "Two"
    assert len(call.log.of("sound-cut")) == 1


async def test_text_is_spoken_as_often_as_it_says(live: Twilio, server: Server, hand: Hand) -> None:
    """A loop of two is heard twice."""
    server.twiml["/voice"] = "<Say loop='2'>Hi</Say>"
    hand.spoken.set()
    call = await pick_up(live, server, hand)
    await call.ended(SOON)
    notes = [hand.notes.get_nowait()[0] for _ in range(hand.notes.qsize())]
    assert notes.count("speak") == 2


# --- Sound --------------------------------------------------------------------------------------


async def test_sound_of_a_stream_is_heard(live: Twilio, server: Server, hand: Hand) -> None:
    """As it comes, and it is dropped where the server says so."""
    server.twiml["/voice"] = LINE
    call = await pick_up(live, server, hand)
    await call.stream_open(SOON)
    start = await server.message("start")
    head = {"streamSid": start["streamSid"]}
    (socket,) = server.sockets
    await socket.send_str(json.dumps({**head, "event": "media", "media": {"payload": "EBES"}}))
    await socket.send_str(json.dumps({**head, "event": "clear"}))
    assert await hand.note("hear") == b"\x10\x11\x12"
    await hand.note("clear")


async def test_recording_is_heard(live: Twilio, server: Server, hand: Hand) -> None:
    """Where it is one that can be decoded."""
    server.twiml["/voice"] = "<Play>/sound.wav</Play>"
    server.answers["/sound.wav"] = _wav
    await pick_up(live, server, hand)
    assert await hand.note("hear") == bytes(range(0x10, 0x18))


async def test_recording_that_cannot_be_decoded_is_told(
    live: Twilio, server: Server, hand: Hand
) -> None:
    """Twilio plays it; the simulator does not."""
    server.twiml["/voice"] = "<Play>/sound.mp3</Play>"
    server.answers["/sound.mp3"] = _mp3
    await pick_up(live, server, hand)
    assert await hand.note("unheard") == f"{server.url}/sound.mp3"


async def test_live_frames_are_sent_to_the_stream(live: Twilio, server: Server, hand: Hand) -> None:
    """Between them there is silence; without a stream they are lost."""
    server.twiml["/voice"] = EAR
    call = await pick_up(live, server, hand)
    call.speak(b"\x10" * 160)
    assert await hand.note("listened") is True
    for number in range(5):
        call.speak(bytes([0x20 + number]) * 160)
    await server.heard(5)
    heard = [frame[0] for frame in server.frames() if frame != b"\xff" * 160]
    assert heard == [0x20, 0x21, 0x22, 0x23, 0x24]


async def test_end_of_the_stream_is_told(live: Twilio, server: Server, hand: Hand) -> None:
    """The caller need not speak to nobody."""
    server.twiml["/voice"] = EAR
    call = await pick_up(live, server, hand)
    assert await hand.note("listened") is True
    await call.hang_up()
    assert await hand.note("listened") is False


# --- Gather and Dial ----------------------------------------------------------------------------


async def test_gather_is_told(live: Twilio, server: Server, hand: Hand) -> None:
    """When it begins and when it ends, so that words can be asked for."""
    server.twiml["/voice"] = "<Gather input='speech' action='/heard'/>"
    call = await pick_up(live, server, hand)
    assert (await hand.note("gather")).inputs == {"speech"}
    await call.answer("hello")
    assert await hand.note("gather") is None
    assert (await server.posted("/heard"))[0]["SpeechResult"] == "hello"


@pytest.mark.parametrize("status", ["busy", "no-answer"])
async def test_caller_decides_that_nobody_is_reached(
    live: Twilio, server: Server, hand: Hand, status: DialStatus
) -> None:
    """The action is told."""
    server.twiml["/voice"] = "<Dial action='/dialled'>+31207654321</Dial>"
    await pick_up(live, server, hand)
    dialled = await hand.note("ring")
    assert (dialled.numbers, dialled.caller_id) == (("+31207654321",), "+31600000001")
    hand.reaction.set_result(status)
    (form,) = await server.posted("/dialled")
    assert form["DialCallStatus"] == status


async def test_caller_talks_until_the_other_side_hangs_up(
    live: Twilio, server: Server, hand: Hand
) -> None:
    """Who answers is talked to."""
    server.twiml["/voice"] = "<Dial action='/dialled'>+31207654321</Dial>"
    await pick_up(live, server, hand)
    hand.reaction.set_result("completed")
    await hand.note("talk")
    assert server.forms("/dialled") == []
    hand.parted.set()
    (form,) = await server.posted("/dialled")
    assert form["DialCallStatus"] == "completed"


async def test_nobody_answers_where_the_caller_does_not_decide(
    live: Twilio, server: Server, hand: Hand
) -> None:
    """It rings as long as the document says."""
    server.twiml["/voice"] = "<Dial timeout='1' action='/dialled'>+31207654321</Dial>"
    await pick_up(live, server, hand)
    (form,) = await server.posted("/dialled")
    assert form["DialCallStatus"] == "no-answer"


@pytest.mark.parametrize(("is_answered", "told"), [(False, "canceled"), (True, "completed")])
async def test_caller_hangs_up_on_who_was_called(
    live: Twilio, server: Server, hand: Hand, is_answered: bool, told: str
) -> None:
    """While it rings nobody was reached; while they talk somebody was."""
    server.twiml["/voice"] = "<Dial action='/dialled'>+31207654321</Dial>"
    call = await pick_up(live, server, hand)
    await hand.note("ring")
    if is_answered:
        hand.reaction.set_result("completed")
        await hand.note("talk")
    await call.hang_up()
    (form,) = await server.posted("/dialled")
    assert form["DialCallStatus"] == told


async def test_call_has_the_sid_it_was_given(live: Twilio, server: Server, hand: Hand) -> None:
    """Whoever places it can prepare for what is asked about it."""
    server.twiml["/voice"] = "<Hangup/>"
    call = await pick_up(live, server, hand)
    assert call.sid == "CA" + "7" * 32
    assert server.forms("/voice")[0]["CallSid"] == call.sid


def _wav() -> web.Response:
    return web.Response(body=WAV, content_type="audio/wav")


def _mp3() -> web.Response:
    return web.Response(body=b"\xff\xfb\x90", content_type="audio/mpeg")
