"""Where audio on a stream begins and ends, as the log of the call tells it."""

import base64
import json

import pytest

from calls.simulator import SimulatedCall
from calls.simulator.call_log import CallLog
from calls.simulator.playout import Playout
from calls.simulator.utterances import BEGINS, CLEARED, ENDS, PAUSE_SECONDS, Utterances
from tests.calls.simulator.conftest import Dial, Server
from tests.waiting import SOON

PIECE = base64.b64encode(b"\x00" * 800).decode()


async def connected(server: Server, dial: Dial) -> SimulatedCall:
    server.twiml["/voice"] = '<Connect><Stream url="/media"/></Connect>'
    call = await dial()
    await call.stream_open(SOON)
    return call


async def send(server: Server, call: SimulatedCall, *events: str) -> None:
    bodies = {"media": {"media": {"payload": PIECE}}, "mark": {"mark": {"name": "m"}}}
    for event in events:
        message = {"event": event, "streamSid": call.streams[0].sid, **bodies.get(event, {})}
        await server.sockets[0].send_str(json.dumps(message))


async def kinds(call: SimulatedCall, count: int) -> list[str]:
    return [(await call.next_heard(SOON)).kind for _ in range(count)]


@pytest.mark.asyncio
async def test_pieces_up_to_a_mark_are_one_utterance(server: Server, dial: Dial) -> None:
    """However many there are; the log tells how long it was."""
    call = await connected(server, dial)
    await send(server, call, "media", "media", "mark")
    assert await kinds(call, 2) == [BEGINS, ENDS]
    assert call.log.of(ENDS)[0].detail["seconds"] == pytest.approx(0.2)
    await send(server, call, "media", "mark")
    assert await kinds(call, 2) == [BEGINS, ENDS]


@pytest.mark.asyncio
async def test_what_is_cleared_was_heard_in_part(server: Server, dial: Dial) -> None:
    """The mark that comes back then ends nothing."""
    call = await connected(server, dial)
    await send(server, call, *["media"] * 50, "mark", "clear")
    assert await kinds(call, 2) == [BEGINS, CLEARED]
    await send(server, call, "media", "mark")
    assert await kinds(call, 2) == [BEGINS, ENDS]
    seconds = call.log.of(CLEARED)[0].detail["seconds"]
    assert isinstance(seconds, float)
    assert seconds < 3


@pytest.mark.parametrize(
    ("pause", "begins"), [(PAUSE_SECONDS - 0.01, 1), (PAUSE_SECONDS, 2), (60.0, 2)]
)
def test_sound_after_a_pause_begins_anew(pause: float, begins: int) -> None:
    """Where a server sends no marks."""
    playout, log = Playout(), CallLog()
    utterances = Utterances(playout, log, "MZ1")
    now = 100.0
    for _ in range(2):
        utterances.add(now)
        playout.add(b"\x00" * 800, now)
        now = playout.ends_at + pause
    assert len(log.of(BEGINS)) == begins


@pytest.mark.asyncio
async def test_what_twilio_speaks_is_heard_in_its_place(server: Server, dial: Dial) -> None:
    """Words and audio come in the order in which they are heard."""
    server.twiml["/voice"] = '<Say>Hello</Say><Connect><Stream url="/media"/></Connect>'
    call = await dial()
    await call.stream_open(SOON)
    await send(server, call, "media", "mark")
    assert await kinds(call, 3) == ["say", BEGINS, ENDS]
