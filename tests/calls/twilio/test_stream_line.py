"""Audio to the caller: paced, known to be heard, cut short at once."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable

import msgspec
import pytest

from calls.twilio.stream_line import LEAD_SECONDS, Played, StreamLine
from calls.voice.synthesizer import SynthesizerUnavailable
from calls.voice.whole_audio import WholeAudio
from tests.waiting import SOON, quickest

pytestmark = pytest.mark.asyncio

SECOND = b"\x7f" * 8000


class Twilio:
    """Takes the frames of one stream; a test says when marks come back."""

    def __init__(self) -> None:
        self.line = StreamLine("MZ1", self.take)
        self.events: list[str] = []
        self.audio = bytearray()
        self.came_at: list[tuple[float, int]] = []
        self.marks: asyncio.Queue[str] = asyncio.Queue()
        self.began = asyncio.Event()

    async def take(self, text: str) -> None:
        message = msgspec.json.decode(text)
        assert message["streamSid"] == "MZ1"
        self.events.append(message["event"])
        if message["event"] == "media":
            self.audio += msgspec.convert(message["media"]["payload"], bytes, strict=False)
            self.came_at.append((time.monotonic(), len(self.audio)))
            self.began.set()
        elif message["event"] == "mark":
            self.marks.put_nowait(message["mark"]["name"])

    async def sent(self, count: int) -> None:
        """Wait until so many bytes of sound have come."""
        while len(self.audio) < count:
            self.began.clear()
            await self.began.wait()

    def play(
        self, *pieces: bytes, began: Callable[[float], None] = lambda at: None
    ) -> "asyncio.Task[Played]":
        return asyncio.create_task(self.line.play(audio(*pieces), began))


async def audio(*pieces: bytes) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


@pytest.fixture
def twilio() -> Twilio:
    return Twilio()


async def test_audio_is_sent_whole_and_in_order(twilio: Twilio) -> None:
    """Whatever the pieces in which it comes."""
    sound = bytes(range(256)) * 10
    playing = twilio.play(sound[:1], sound[1:700], b"", sound[700:])
    twilio.line.marked(await twilio.marks.get())
    played = await playing
    assert bytes(twilio.audio) == sound
    assert played == Played(320, 320, is_whole=True)


async def test_audio_that_is_there_is_sent_within_one_turn_of_the_event_loop(
    twilio: Twilio,
) -> None:
    """With many calls each turn takes milliseconds."""
    sound = bytes(range(256)) * 10
    playing = asyncio.create_task(twilio.line.play(WholeAudio(sound), lambda at: None))
    await asyncio.sleep(0)  # now it is played
    assert twilio.events[:1] == ["media"]
    twilio.line.marked(await twilio.marks.get())
    assert (await playing).is_whole
    assert bytes(twilio.audio) == sound


async def test_audio_is_heard_once_its_mark_is_back(twilio: Twilio) -> None:
    """Not when it was sent."""
    playing = twilio.play(SECOND[:800])
    name = await twilio.marks.get()
    await asyncio.sleep(0)
    assert not playing.done()
    twilio.line.marked("another")
    await asyncio.sleep(0)
    assert not playing.done()
    twilio.line.marked(name)
    assert (await playing).is_whole


async def test_mark_that_was_not_sent_yet_tells_nothing() -> None:
    """Audio that is still on its way goes on at its pace, to its end."""
    twilio = Twilio()
    playing = twilio.play(SECOND)
    await twilio.began.wait()
    for count in range(3):
        twilio.line.marked(f"played-{count}")
    name = await twilio.marks.get()
    assert twilio.came_at[-1][0] - twilio.came_at[0][0] > 0.5
    twilio.line.marked(name)
    assert (await playing).is_whole


async def test_mark_that_never_comes_back_is_waited_for_within_a_bound(
    twilio: Twilio, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A call does not hang on a lost message."""
    monkeypatch.setattr("calls.twilio.stream_line.MARK_SECONDS", 0.05)
    async with asyncio.timeout(SOON):
        assert (await twilio.play(SECOND[:800])).is_whole


async def test_little_audio_is_ahead_of_the_ear(twilio: Twilio) -> None:
    """What is on its way cannot be called back: it is less than 200 ms."""
    begun: list[float] = []
    playing = twilio.play(SECOND, began=begun.append)
    await twilio.marks.get()
    for at, sent in twilio.came_at:
        # That it began is told a moment after the first of it was sent.
        assert sent / 8000 - max(0, at - begun[0]) <= LEAD_SECONDS + 0.02
    await twilio.line.cut()
    await playing


async def test_first_audio_is_sent_at_once() -> None:
    """The caller waits for it."""

    async def seconds() -> float:
        twilio = Twilio()
        asked = time.monotonic()
        playing = twilio.play(SECOND)
        await twilio.began.wait()
        took = time.monotonic() - asked
        await twilio.line.cut()
        await playing
        return took

    assert await quickest(seconds, within=0.02) < 0.02


async def test_cut_clears_at_once() -> None:
    """The rest is not sent."""

    async def seconds() -> float:
        twilio = Twilio()
        playing = twilio.play(SECOND * 10)
        await twilio.began.wait()
        asked = time.monotonic()
        await twilio.line.cut()
        assert twilio.events[-1] == "clear"
        took = time.monotonic() - asked
        assert not (await playing).is_whole
        assert twilio.events[-1] == "clear"
        return took

    assert await quickest(seconds, within=0.1) < 0.1


async def test_cut_tells_what_was_heard() -> None:
    """As much as there was time to hear, to 100 ms."""

    async def difference() -> float:
        twilio = Twilio()
        playing = twilio.play(SECOND * 10)
        await twilio.began.wait()
        began = time.monotonic()
        await twilio.sent(4000)
        await twilio.line.cut()
        took = time.monotonic() - began
        return abs((await playing).heard_ms / 1000 - took)

    assert await quickest(difference, within=0.1) < 0.1


async def test_cut_while_the_mark_is_awaited() -> None:
    """All was sent, and not all heard."""

    async def seconds_heard() -> float:
        twilio = Twilio()
        playing = twilio.play(SECOND[:1600])
        await twilio.marks.get()
        await twilio.line.cut()
        played = await playing
        assert played.audio_ms == 200
        assert played.is_whole == (played.heard_ms == 200)
        return played.heard_ms / 1000

    assert await quickest(seconds_heard, within=0.2) < 0.2


async def test_cut_does_not_wait_for_a_slow_synthesizer(twilio: Twilio) -> None:
    """It may never come to an end."""

    async def stuck() -> AsyncIterator[bytes]:
        yield SECOND[:480]
        await asyncio.Event().wait()

    playing = asyncio.create_task(twilio.line.play(stuck(), lambda at: None))
    await twilio.began.wait()
    await twilio.line.cut()
    async with asyncio.timeout(SOON):
        assert not (await playing).is_whole


async def test_nothing_is_cut_where_nothing_is_played(twilio: Twilio) -> None:
    """Twilio would take it, and the next audio with it."""
    await twilio.line.cut()
    assert twilio.events == []


async def test_synthesizer_that_fails_takes_back_what_was_sent(twilio: Twilio) -> None:
    """It is said again, in another way."""

    async def failing() -> AsyncIterator[bytes]:
        yield SECOND[:480]
        raise SynthesizerUnavailable("gone")

    with pytest.raises(SynthesizerUnavailable):
        await twilio.line.play(failing(), lambda at: None)
    assert twilio.events == ["media", "clear"]


async def test_defect_of_a_synthesizer_is_a_failure_like_another(twilio: Twilio) -> None:
    """No caller is left in silence."""

    async def broken() -> AsyncIterator[bytes]:
        yield SECOND[:480]
        raise KeyError("voice")

    with pytest.raises(SynthesizerUnavailable, match="KeyError"):
        await twilio.line.play(broken(), lambda at: None)


async def test_one_thing_is_played_at_a_time(twilio: Twilio) -> None:
    """What comes next waits for the end of what is played."""
    first, second = twilio.play(SECOND[:480]), twilio.play(b"\x01" * 480)
    name = await twilio.marks.get()
    assert twilio.events == ["media", "mark"]
    twilio.line.marked(name)
    twilio.line.marked(await twilio.marks.get())
    assert (await first).is_whole
    assert (await second).is_whole
    assert twilio.events == ["media", "mark"] * 2


async def test_cut_after_all_was_heard_cuts_nothing(twilio: Twilio) -> None:
    """Only the mark was still on its way."""
    playing = twilio.play(SECOND[:480])
    await twilio.marks.get()
    await asyncio.sleep(0.08)
    await twilio.line.cut()
    assert (await playing).is_whole


async def test_nothing_is_played_once_the_socket_is_gone(twilio: Twilio) -> None:
    """Neither what is played nor what waits for its end: it can be heard on the next one."""
    playing, waiting = twilio.play(SECOND * 10), twilio.play(SECOND * 10)
    await twilio.began.wait()
    twilio.line.lose()
    async with asyncio.timeout(SOON):
        assert (await playing).is_lost
        assert await waiting == Played(0, 0, is_whole=False, is_lost=True)
    assert "clear" not in twilio.events
