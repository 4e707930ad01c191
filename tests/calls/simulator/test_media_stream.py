"""Media streams over a real WebSocket: frames out, sound and marks in, and their ends."""

import asyncio
import base64
import time
from collections.abc import Awaitable, Callable
from functools import partial
from itertools import pairwise

import pytest
import pytest_asyncio
from aiohttp import web

from calls.simulator import EndReason, MediaStream, SimulatedCall, Twilio
from calls.simulator import faults as hostile
from calls.simulator.stream_messages import Media
from tests.calls.simulator.conftest import ACCOUNT, Dial, Server
from tests.waiting import SOON, quickest

CONNECT = '<Connect><Stream url="/media"/></Connect>'
START = '<Start><Stream url="/media" name="ear"/></Start>'
WAIT = "<Pause length='3600'/>"
Open = Callable[[str], Awaitable[tuple[SimulatedCall, MediaStream]]]


@pytest_asyncio.fixture
async def opened(server: Server, dial: Dial) -> Open:
    """Dials into a document and waits for its stream."""

    async def place(document: str) -> tuple[SimulatedCall, MediaStream]:
        server.twiml["/voice"] = document
        call = await dial()
        return call, await call.stream_open(SOON)

    return place


@pytest.mark.asyncio
async def test_handshake_is_signed(server: Server, opened: Open) -> None:
    """Over the ws address, in a header written in small letters."""
    await opened(START + WAIT)
    url = server.url.replace("http", "ws") + "/media"
    assert server.handshakes[0]["x-twilio-signature"] == ACCOUNT.sign(url)


@pytest.mark.asyncio
async def test_query_of_a_stream_url_is_dropped(server: Server, opened: Open) -> None:
    """Twilio asks without it; a token there is lost."""
    call, _ = await opened('<Start><Stream url="/media?token=1"/></Start>' + WAIT)
    url = server.url.replace("http", "ws") + "/media"
    assert server.handshakes[0]["x-twilio-signature"] == ACCOUNT.sign(url)
    assert call.log.warnings() == [31920]


@pytest.mark.asyncio
async def test_frames_come_fifty_times_a_second(server: Server, opened: Open) -> None:
    """Within 1 % over two seconds; what was late is caught up with."""
    await opened(START + WAIT)
    await server.message("media", 5)

    async def deviation() -> float:
        count = len(server.of("media"))
        began = time.monotonic()
        await server.message("media", count + 100)
        return abs(100 / (time.monotonic() - began) - 50)

    assert await quickest(deviation, within=0.5) < 0.5


@pytest.mark.asyncio
async def test_timestamps_advance_by_twenty_milliseconds(server: Server, opened: Open) -> None:
    """They wander by some milliseconds and never drift."""
    await opened(START + WAIT)
    await server.message("media", 12)
    times = [int(message["media"]["timestamp"]) for message in server.of("media")[:12]]
    drifts = [at - times[0] - 20 * number for number, at in enumerate(times)]
    assert max(map(abs, drifts)) <= 4
    assert len(set(drifts)) > 1


@pytest.mark.asyncio
async def test_say_sends_the_clip_between_silence(server: Server, opened: Open) -> None:
    """The clip's bytes arrive in order, whole, once, with silence around them."""
    call, _ = await opened(START + WAIT)
    clip = bytes(range(128)) * 5
    await server.message("media", 2)
    assert await call.say(clip)
    sent = len(server.of("media"))
    await server.message("media", sent + 3)
    frames = b"".join(server.frames())
    assert frames.strip(b"\xff") == clip
    assert frames.startswith(b"\xff" * 320)


@pytest.mark.asyncio
async def test_say_takes_as_long_as_the_clip(opened: Open) -> None:
    """It returns when the last frame is sent, in real time."""
    call, stream = await opened(START + WAIT)

    async def deviation() -> float:
        began, ticks = time.monotonic(), stream.ticks
        await call.say(b"\x10" * 1600)
        assert stream.ticks - ticks >= 10
        return abs(time.monotonic() - began - 0.2)

    assert await quickest(deviation, within=0.03) < 0.03


@pytest.mark.asyncio
async def test_clips_are_spoken_one_behind_the_other(server: Server, opened: Open) -> None:
    """A second clip waits for the first."""
    call, _ = await opened(START + WAIT)
    await asyncio.gather(call.say(b"\x10" * 320), call.say(b"\x20" * 320))
    await server.message("media", len(server.of("media")) + 1)
    assert b"".join(server.frames()).strip(b"\xff") == b"\x10" * 320 + b"\x20" * 320


@pytest.mark.asyncio
async def test_say_tells_when_the_stream_ended_before(opened: Open) -> None:
    """What was not sent was not heard."""
    call, stream = await opened(START + WAIT)
    saying = asyncio.create_task(call.say(b"\x10" * 80_000))
    await asyncio.sleep(0)
    await stream.stop()
    assert await saying is False


@pytest.mark.asyncio
async def test_stalled_stream_leaves_a_gap_in_time(server: Server, opened: Open) -> None:
    """Frames stay away, timestamps go on."""
    _, stream = await opened(START + WAIT)
    await server.message("media", 2)
    stream.stalled = True
    before = len(server.of("media"))
    await asyncio.sleep(0.2)
    stream.stalled = False
    await server.message("media", before + 3)
    times = [int(message["media"]["timestamp"]) for message in server.of("media")]
    assert max(late - early for early, late in pairwise(times)) > 150


@pytest.mark.asyncio
async def test_both_tracks_share_one_sequence(server: Server, opened: Open) -> None:
    """Each track counts its own chunks."""
    await opened('<Start><Stream url="/media" track="both_tracks"/></Start>' + WAIT)
    await server.message("media", 4)
    assert server.of("start")[0]["start"]["tracks"] == ["inbound", "outbound"]
    media = server.of("media")[:4]
    assert [(m["media"]["track"], m["media"]["chunk"]) for m in media] == [
        ("inbound", "1"),
        ("outbound", "1"),
        ("inbound", "2"),
        ("outbound", "2"),
    ]
    assert [m["sequenceNumber"] for m in media] == ["2", "3", "4", "5"]


async def send(server: Server, **message: object) -> None:
    await server.sockets[0].send_json(message)


@pytest.mark.asyncio
async def test_mark_comes_back_when_the_sound_has_played(server: Server, opened: Open) -> None:
    """Not before, and under its name."""
    _, stream = await opened(CONNECT)
    sound = base64.b64encode(b"\x10" * 1600).decode()
    began = time.monotonic()
    await send(server, event="media", streamSid=stream.sid, media={"payload": sound})
    await send(server, event="mark", streamSid=stream.sid, mark={"name": "done"})
    assert (await server.message("mark"))["mark"] == {"name": "done"}
    assert 0.17 < time.monotonic() - began < 5
    assert stream.received[0].message == Media(b"\x10" * 1600)


@pytest.mark.asyncio
async def test_clear_returns_all_marks(server: Server, opened: Open) -> None:
    """At once, in their order, although nothing was heard."""
    _, stream = await opened(CONNECT)
    sound = base64.b64encode(b"\x10" * 80_000).decode()
    await send(server, event="media", streamSid=stream.sid, media={"payload": sound})
    for name in ("a", "b"):
        await send(server, event="mark", streamSid=stream.sid, mark={"name": name})
    await send(server, event="clear", streamSid=stream.sid)
    await server.message("mark", 2)
    assert [message["mark"]["name"] for message in server.of("mark")] == ["a", "b"]


@pytest.mark.asyncio
async def test_heard_out_waits_for_the_sound_of_a_stream(server: Server, opened: Open) -> None:
    """A bot that streams its voice is listened to until it is silent."""
    call, stream = await opened(CONNECT)
    sound = base64.b64encode(b"\x10" * 1600).decode()
    began = time.monotonic()
    await send(server, event="media", streamSid=stream.sid, media={"payload": sound})
    await asyncio.wait_for(stream.message(0), SOON)
    await call.heard_out(SOON)
    assert 0.17 < time.monotonic() - began < 5


@pytest.mark.asyncio
async def test_invalid_messages_are_warned_of_once(server: Server, opened: Open) -> None:
    """The stream goes on; each kind of fault is reported once."""
    call, stream = await opened(CONNECT)
    for _ in range(2):
        await server.sockets[0].send_str("{")
        await server.sockets[0].send_bytes(b"\x00")
    await send(server, event="mark", streamSid=stream.sid, mark={"name": "on"})
    await server.message("mark")
    assert sorted(call.log.warnings()) == [31950, 31951]


@pytest.mark.asyncio
async def test_start_stream_takes_no_messages(server: Server, opened: Open) -> None:
    """Sound sent to a stream that only listens is not played."""
    call, stream = await opened(START + WAIT)
    await send(server, event="clear", streamSid=stream.sid)
    await asyncio.wait_for(call.log.wait("warning"), SOON)
    assert call.log.warnings() == [31924]
    assert stream.received == []


@pytest.mark.asyncio
async def test_keys_are_sent_on_connect_streams(server: Server, opened: Open) -> None:
    """A pressed key is a dtmf message."""
    call, _ = await opened(CONNECT)
    await call.press("5")
    assert (await server.message("dtmf"))["dtmf"] == {"track": "inbound_track", "digit": "5"}


@pytest.mark.asyncio
async def test_keys_are_not_sent_on_start_streams(server: Server, opened: Open) -> None:
    """Such a stream carries sound only."""
    call, _ = await opened(START + WAIT)
    await call.press("5")
    await server.message("media", len(server.of("media")) + 2)
    assert server.of("dtmf") == []


@pytest.mark.asyncio
async def test_key_that_is_pressed_while_the_stream_ends_is_lost(
    server: Server, opened: Open
) -> None:
    """Whoever presses it cannot know that the socket is closed already."""
    call, stream = await opened(CONNECT + WAIT)
    closing = asyncio.create_task(server.sockets[0].close())
    async with asyncio.timeout(SOON):
        while stream.end is None:
            await call.press("5")
            await asyncio.sleep(0)
        await closing
    assert stream.end.how == "closed"


@pytest.mark.asyncio
async def test_key_can_be_injected_into_a_start_stream(server: Server, opened: Open) -> None:
    """For a server that takes keys from whichever stream brings them."""
    _, stream = await opened(START + WAIT)
    await stream.inject(stream.dtmf_message("*"))
    message = await server.message("dtmf")
    assert message["streamSid"] == stream.sid
    assert message["dtmf"] == {"track": "inbound_track", "digit": "*"}


@pytest.mark.asyncio
async def test_connect_goes_on_when_the_server_closes(server: Server, opened: Open) -> None:
    """The verbs behind it run then, and not before."""
    call, stream = await opened(CONNECT + "<Say>Next</Say>")
    assert not call.log.of("say")
    await server.sockets[0].close()
    assert (await call.next_said(SOON)).text == "Next"
    assert (await stream.ended()).how == "closed"
    assert call.log.warnings() == []


@pytest.mark.asyncio
async def test_connect_posts_to_its_action(server: Server, opened: Open) -> None:
    """With an action, the verbs behind it are not run."""
    server.twiml["/done"] = "<Hangup/>"
    connect = CONNECT.replace("<Connect>", '<Connect action="/done">')
    call, _ = await opened(connect + "<Say>No</Say>")
    await server.sockets[0].close()
    assert await call.ended(SOON) is EndReason.HANGUP_VERB
    assert server.forms("/done")[0]["CallSid"] == call.sid
    assert not call.log.of("say")


@pytest.mark.asyncio
async def test_start_goes_on_when_the_server_closes(server: Server, opened: Open) -> None:
    """The stream is gone, the call is not."""
    call, stream = await opened(START + WAIT)
    await server.sockets[0].close()
    assert (await asyncio.wait_for(stream.ended(), SOON)).how == "closed"
    assert call.status == "in-progress"


@pytest.mark.asyncio
async def test_close_by_the_server_with_another_code_is_reported(
    server: Server, opened: Open
) -> None:
    """A close that is not normal is error 31921."""
    call, stream = await opened(START + WAIT)
    await server.sockets[0].close(code=1011)
    assert (await asyncio.wait_for(stream.ended(), SOON)).code == 1011
    assert call.log.warnings() == [31921]


@pytest.mark.asyncio
async def test_stop_by_name_ends_the_stream(server: Server, opened: Open) -> None:
    """Stop in a later document ends what Start began."""
    server.twiml["/next"] = "<Stop><Stream name='ear'/></Stop><Say>Stopped</Say>" + WAIT
    call, stream = await opened(START + "<Pause length='50'/><Redirect>/next</Redirect>")
    assert (await call.next_said(SOON)).text == "Stopped"
    assert stream.end is not None
    assert stream.end.how == "stopped"


@pytest.mark.asyncio
async def test_second_stream_of_a_name_is_refused(server: Server, opened: Open) -> None:
    """Names are unique among the streams that run."""
    call, _ = await opened(START + START + WAIT)
    assert len(call.streams) == 1
    assert call.log.of("warning")


@pytest.mark.asyncio
async def test_call_streams_four_tracks_at_most(opened: Open) -> None:
    """A fifth is refused."""
    call, _ = await opened('<Start><Stream url="/media"/></Start>' * 5 + WAIT)
    assert len(call.streams) == 4


@pytest.mark.asyncio
async def test_connect_stream_carries_the_inbound_track_only(server: Server, dial: Dial) -> None:
    """Other tracks are error 31941."""
    server.twiml["/voice"] = '<Connect><Stream url="/media" track="both_tracks"/></Connect>'
    call = await dial()
    await call.ended(SOON)
    assert call.log.warnings() == [31941]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://127.0.0.1/media", 31922),
        ("ws://bot.test/media", 31922),
        ("ws://127.0.0.1:1/media", 31902),
    ],
)
async def test_stream_that_cannot_be_opened_is_reported(
    server: Server, dial: Dial, url: str, code: int
) -> None:
    """With Twilio's number; the verbs behind it run."""
    server.twiml["/voice"] = f'<Connect><Stream url="{url}"/></Connect><Say>Sorry</Say>'
    call = await dial()
    assert (await call.next_said(SOON)).text == "Sorry"
    assert call.log.warnings() == [code]


@pytest.mark.asyncio
async def test_refused_handshake_is_reported(server: Server, dial: Dial) -> None:
    """An answer that is not 101 is error 31920."""
    server.answers["/media"] = partial(web.Response, status=403)
    server.twiml["/voice"] = CONNECT
    call = await dial()
    assert await call.ended(SOON) is EndReason.END_OF_DOCUMENT
    assert call.log.warnings() == [31920]


# Faults


@pytest.mark.asyncio
async def test_cut_breaks_the_connection_without_a_close(server: Server, opened: Open) -> None:
    """The server sees no close frame; the call goes on with the next verb."""
    call, stream = await opened(CONNECT + "<Say>Lost</Say>")
    stream.cut()
    assert (await call.next_said(SOON)).text == "Lost"
    assert stream.end is not None
    assert stream.end.how == "lost"
    await asyncio.wait_for(server.closed.wait(), SOON)
    assert server.sockets[0].close_code != 1000
    assert not server.of("stop")


@pytest.mark.asyncio
async def test_lost_stream_may_end_the_call(opened: Open, twilio: Twilio) -> None:
    """The documents leave open what Connect does then; a fault takes the other way."""
    twilio.faults.lost_stream_ends_call = True
    call, stream = await opened(CONNECT + "<Say>Lost</Say>")
    stream.cut()
    await call.ended(SOON)
    assert not call.log.of("say")


@pytest.mark.asyncio
async def test_cut_after_frames_happens_at_that_moment(opened: Open, twilio: Twilio) -> None:
    """So many frames, and the connection breaks; the next stream lives."""
    twilio.faults.cut_after_frames.append(5)
    _, stream = await opened(START + WAIT)
    assert (await asyncio.wait_for(stream.ended(), SOON)).how == "lost"
    assert stream.ticks == 5
    _, other = await opened(START + WAIT)
    assert other.live


@pytest.mark.asyncio
async def test_marks_may_come_late(server: Server, opened: Open, twilio: Twilio) -> None:
    """Long after what was before them was heard."""
    twilio.faults.mark_delay = 0.3
    _, stream = await opened(CONNECT)
    began = time.monotonic()
    await send(server, event="mark", streamSid=stream.sid, mark={"name": "end"})
    assert (await server.message("mark"))["mark"] == {"name": "end"}
    assert time.monotonic() - began >= 0.3


@pytest.mark.asyncio
async def test_marks_may_be_lost(server: Server, opened: Open, twilio: Twilio) -> None:
    """What was before them was heard all the same."""
    twilio.faults.lost_marks = True
    call, stream = await opened(CONNECT)
    await send(server, event="media", streamSid=stream.sid, media={"payload": "/w=="})
    await send(server, event="mark", streamSid=stream.sid, mark={"name": "end"})
    await asyncio.wait_for(call.log.wait("audio-ends"), SOON)
    await server.message("media", 10)
    assert server.of("mark") == []


@pytest.mark.asyncio
async def test_streams_are_refused_on_demand(server: Server, dial: Dial, twilio: Twilio) -> None:
    """The server is never asked; the stream after it is opened."""
    twilio.faults.refused_streams.extend([31902, None])
    server.twiml["/voice"] = CONNECT + CONNECT
    call = await dial()
    await call.stream_open(SOON)
    assert [stream.end and stream.end.code for stream in call.streams] == [31902, None]
    assert len(server.handshakes) == 1


@pytest.mark.asyncio
async def test_hostile_frames_are_sent_as_they_are(server: Server, opened: Open) -> None:
    """Whatever is injected arrives at the server."""
    _, stream = await opened(START + WAIT)
    for frame in (
        hostile.BINARY_FRAME,
        hostile.BROKEN_JSON,
        hostile.UNKNOWN_EVENT,
        hostile.foreign_media(),
        hostile.huge_message(100_000),
        stream.start_message(),
    ):
        await stream.inject(frame)
    await server.message("start", 2)
    assert hostile.BINARY_FRAME in server.messages
    assert hostile.BROKEN_JSON in server.messages
    assert server.of("teleport")
    assert any(len(message["media"]["payload"]) == 100_000 for message in server.of("media"))


@pytest.mark.asyncio
async def test_frames_may_come_before_start(server: Server, opened: Open, twilio: Twilio) -> None:
    """A script is sent ahead of the messages that open the stream."""
    twilio.faults.stream_openings.append([hostile.foreign_media()])
    await opened(START + WAIT)
    await server.message("start")
    assert [message["event"] for message in server.messages[:3]] == ["media", "connected", "start"]
