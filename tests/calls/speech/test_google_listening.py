"""A call's listener, the Google engine, and a gRPC server on loopback that plays Google."""

import asyncio

import pytest
from grpc import StatusCode

from calls.speech.events import EngineRefused, Final, Interim, SpeechStarted
from calls.speech.google import GoogleRecognizer
from calls.speech.listener import (
    EngineChanged,
    GaveUp,
    Listener,
    ListenerEvent,
    Reopened,
    Slept,
    Woke,
)
from calls.speech.recognizer import Recognizer
from tests.calls.speech.google_server import (
    Abort,
    Hang,
    Heard,
    HearsClips,
    Say,
    Script,
    in_turn,
    interim,
    speech_began,
    steps,
)
from tests.calls.speech.scripted import ScriptedRecognizer
from tests.calls.speech.test_google import CONFIG, FAULTS, PAUSE, SPEECH, serving, until
from tests.waiting import SOON

PIECE_BYTES = 800
NOISE = SPEECH[:2400]
"""Sound in which nobody hears a word."""


class Ear:
    """A listener on the engine, its events in a queue, and the bot's side of the turns."""

    def __init__(self, recognizer: GoogleRecognizer, *others: Recognizer) -> None:
        self.now = 0.0
        self.events: asyncio.Queue[ListenerEvent] = asyncio.Queue()
        self.listener = Listener(
            [recognizer, *others], self.events.put_nowait, clock=lambda: self.now
        )

    async def hear(self, sound: bytes) -> None:
        """Let audio arrive in pieces of 100 ms, each within milliseconds."""
        for start in range(0, len(sound), PIECE_BYTES):
            self.now += 0.1
            self.listener.hear(sound[start : start + PIECE_BYTES])
            await asyncio.sleep(0.01)

    async def reported(self, number: int) -> None:
        """Let no time of the call pass until so many events are there: the wire takes its own."""
        await until(lambda: self.events.qsize() >= number)

    async def hear_until(self, kind: type[ListenerEvent], seconds: float) -> ListenerEvent:
        """Let silence arrive until an event of a kind comes; return that, or fail."""
        for _ in range(round(seconds * 10)):
            await self.hear(b"\xff" * PIECE_BYTES)
            while not self.events.empty():
                if isinstance(event := self.events.get_nowait(), kind):
                    return event
        raise AssertionError(f"no {kind.__name__} within {seconds} s of a call")

    async def final(self) -> tuple[Final, list[ListenerEvent]]:
        """Wait for the next Final; return it and what came before it."""
        before: list[ListenerEvent] = []
        async with asyncio.timeout(SOON):
            while not isinstance(event := await self.events.get(), Final):
                before.append(event)
        return event, before


class TestListening:
    """A call's listener, this engine and the wire together."""

    @pytest.mark.asyncio
    async def test_words_said_in_one_breath_are_two_turns(self) -> None:
        """The second turn's stream hears what the first one left, in the times of the call."""
        other = SPEECH[::-1]
        async with serving(HearsClips({SPEECH: "one", other: "two"})) as (_, recognizer):
            ear = Ear(recognizer)
            ear.listener.listen(CONFIG)
            ear.listener.hear(PAUSE + SPEECH + PAUSE + other + PAUSE)
            one, _before = await ear.final()
            ear.listener.listen(CONFIG)
            two, _before = await ear.final()
            await ear.listener.aclose()
        assert [(one.text, one.end_ms), (two.text, two.end_ms)] == [("one", 600), ("two", 1200)]

    @pytest.mark.asyncio
    @pytest.mark.parametrize(
        ("code", "details"),
        [(code, details) for code, details, error in FAULTS if error.retryable],
    )
    async def test_word_cut_by_a_fault_is_heard_once(self, code: StatusCode, details: str) -> None:
        """A stream fails in the middle of a word; the next one hears the whole of it."""
        hears = HearsClips({SPEECH: "one"})
        script = in_turn(steps(Heard(300), Abort(code, details)), hears)
        async with serving(script) as (server, recognizer):
            ear = Ear(recognizer)
            ear.listener.listen(CONFIG)
            ear.listener.hear(PAUSE + SPEECH[:1600])
            await server.opened(2)
            ear.listener.hear(SPEECH[1600:] + PAUSE)
            one, before = await ear.final()
            await ear.listener.finish(SOON)
        assert one.text == "one"
        assert isinstance(before[0], Reopened)
        assert ear.events.empty()
        assert hears.unknown == 0

    @pytest.mark.asyncio
    async def test_last_words_are_heard_after_hanging_up(self) -> None:
        """The half-close makes Google settle what it heard."""
        async with serving(HearsClips({SPEECH: "bye"})) as (_, recognizer):
            ear = Ear(recognizer)
            ear.listener.listen(CONFIG)
            ear.listener.hear(PAUSE + SPEECH)
            await ear.listener.finish(SOON)
            bye, _before = await ear.final()
        assert (bye.text, bye.end_ms) == ("bye", 600)

    @pytest.mark.asyncio
    async def test_refusal_reaches_the_call(self) -> None:
        """The call learns at once that it will not be heard."""
        script = Abort(StatusCode.PERMISSION_DENIED, "no")
        async with serving(script) as (server, recognizer):
            ear = Ear(recognizer)
            ear.listener.listen(CONFIG)
            ear.listener.hear(SPEECH)
            async with asyncio.timeout(SOON):
                while not isinstance(event := await ear.events.get(), GaveUp):
                    pass
            await ear.listener.aclose()
        assert isinstance(event.error, EngineRefused)
        assert len(server.streams) == 1


class TestSilentServer:
    """Google takes audio and stops to answer."""

    @pytest.mark.asyncio
    @pytest.mark.parametrize(
        ("begin", "reports"),
        [
            (Heard(100), 0),
            (steps(Heard(700), Say(speech_began(600))), 1),
            (steps(Heard(700), Say(speech_began(600)), Say(interim("on"))), 2),
        ],
        ids=["at once", "after the begin of speech", "after an interim"],
    )
    async def test_it_is_noticed_and_the_words_are_heard(self, begin: Script, reports: int) -> None:
        """Within 5 s of silence; the second stream hears it from before its beginning."""
        hears = HearsClips({SPEECH: "one"})
        async with serving(in_turn(steps(begin, Hang()), hears)) as (_, recognizer):
            ear = Ear(recognizer)
            ear.listener.listen(CONFIG)
            await ear.hear(PAUSE * 3 + SPEECH)
            await ear.reported(reports)
            await ear.hear_until(Reopened, 5.0)
            one, _before = await ear.final()
            await ear.listener.finish(SOON)
        assert one.text == "one"
        assert hears.unknown == 0

    @pytest.mark.asyncio
    async def test_a_server_that_stays_silent_is_left(self) -> None:
        """After less than 10 s the other engine hears the same words."""
        spare = ScriptedRecognizer(name="spare")
        async with serving(Hang()) as (server, recognizer):
            ear = Ear(recognizer, spare)
            ear.listener.listen(CONFIG)
            await ear.hear(PAUSE * 3 + SPEECH)
            await server.opened(1)
            await ear.hear_until(Reopened, 5.0)
            await server.opened(2)
            changed = await ear.hear_until(EngineChanged, 5.0)
            await ear.listener.aclose()
        assert isinstance(changed, EngineChanged)
        assert changed.engine == "spare"
        assert SPEECH in spare.stream.audio
        assert len(server.streams) == 2

    @pytest.mark.asyncio
    async def test_a_server_that_refuses_is_left_at_once(self) -> None:
        """The other engine hears the words that were said meanwhile."""
        spare = ScriptedRecognizer(name="spare")
        async with serving(Abort(StatusCode.PERMISSION_DENIED, "no")) as (server, recognizer):
            ear = Ear(recognizer, spare)
            ear.listener.listen(CONFIG)
            await ear.hear(PAUSE * 3 + SPEECH)
            await ear.reported(1)
            changed = await ear.hear_until(EngineChanged, 0.1)
            await ear.listener.aclose()
        assert isinstance(changed, EngineChanged)
        assert "PERMISSION_DENIED" in changed.reason
        assert SPEECH in spare.stream.audio
        assert len(server.streams) == 1


class TestSilentCaller:
    """Google is sent no long silence."""

    @pytest.mark.asyncio
    async def test_a_stream_is_ended_in_silence_and_another_opened_by_a_voice(self) -> None:
        """Half-closed, not cancelled; the next one misses nothing."""
        hears = HearsClips({SPEECH: "one"})
        async with serving(hears) as (server, recognizer):
            ear = Ear(recognizer)
            ear.listener.listen(CONFIG)
            await ear.hear(PAUSE * 3 + NOISE)
            await ear.reported(1)
            await ear.hear_until(Slept, 4.0)
            # No time of the call may pass before the listener knows of the end.
            await until(lambda: ear.listener._ears.current is None)
            await ear.hear(PAUSE * 100)
            sent = len(server.streams[0].audio)
            await ear.hear(SPEECH + PAUSE)
            one, before = await ear.final()
            await ear.listener.finish(SOON)
        first, second = server.streams
        assert first.half_closed
        assert not first.cancelled
        assert len(first.audio) == sent < 8 * 5000
        assert bytes(second.audio[:4000]) == b"\xff" * 4000
        assert one.text == "one"
        assert [type(event) for event in before] == [Woke, SpeechStarted, Interim]
