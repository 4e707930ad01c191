"""The ear of a call: one stream per turn, replay, retries, rotation; with a scripted engine."""

import asyncio
import logging
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calls.speech.engine_chain import RETRY_DELAYS
from calls.speech.events import (
    EngineRefused,
    Final,
    Interim,
    SpeechStarted,
    StreamLimitReached,
)
from calls.speech.listener import (
    GaveUp,
    Listener,
    ListenerEvent,
    Reopened,
    Rotated,
)
from calls.speech.recognizer import RecognitionConfig
from tests.calls.speech.listening import DOWN, FIRST, SECOND, Call, audio
from tests.calls.speech.scripted import ScriptedRecognizer, ScriptedStream
from tests.waiting import SOON


@pytest.fixture
def call() -> Call:
    """A call whose engine sets no time limit."""
    return Call(ScriptedRecognizer())


@pytest.fixture
def limited() -> Call:
    """A call whose engine ends streams after 300 s."""
    return Call(ScriptedRecognizer(max_stream_seconds=300.0))


class TestTurns:
    """One stream per caller turn."""

    @pytest.mark.asyncio
    async def test_listen_opens_a_stream_with_the_config(self, call: Call) -> None:
        """The turn's hints reach the engine."""
        call.listener.listen(FIRST)
        assert [stream.config for stream in call.engine.streams] == [FIRST]
        await call.listener.aclose()

    @pytest.mark.asyncio
    async def test_engine_that_does_not_let_go_keeps_no_call(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The call goes on elsewhere, or is over, and cannot wait for it."""
        monkeypatch.setattr("calls.speech.ears.CLOSE_SECONDS", 0.05, raising=False)

        class Stuck(ScriptedStream):
            async def aclose(self) -> None:
                await asyncio.Event().wait()

        call = Call(ScriptedRecognizer(stream_type=Stuck))
        call.listener.listen(FIRST)
        async with asyncio.timeout(5):
            await call.listener.aclose()

    @pytest.mark.asyncio
    async def test_heard_audio_goes_to_the_stream(self, call: Call) -> None:
        """Pieces of any length arrive in their order."""
        call.listener.listen(FIRST)
        for piece in (b"a", b"bc" * 500, b"d"):
            call.listener.hear(piece)
        assert call.engine.stream.audio == b"a" + b"bc" * 500 + b"d"
        await call.listener.aclose()

    @pytest.mark.asyncio
    async def test_audio_before_the_first_turn_is_replayed(self, call: Call) -> None:
        """Words spoken before anybody listened are heard."""
        call.listener.hear(audio(300, 1))
        call.listener.listen(FIRST)
        assert call.engine.stream.audio == audio(300, 1)
        await call.listener.aclose()

    @pytest.mark.asyncio
    async def test_final_ends_the_turn(self, call: Call) -> None:
        """The stream is dropped, and what it says afterwards is not emitted."""
        call.listener.listen(FIRST)
        call.listener.hear(audio(500))
        await call.report(Final("yes", 0.9, 400), Interim("no"), Final("no", 0.9, 450))
        assert call.events == [Final("yes", 0.9, 400)]
        assert call.engine.stream.closed.is_set()

    @pytest.mark.asyncio
    async def test_words_behind_the_final_are_replayed_to_the_next_turn(self, call: Call) -> None:
        """What was said while the answer was decided is heard by the next stream."""
        call.listener.listen(FIRST)
        call.listener.hear(audio(400, 1) + audio(100, 2))
        await call.report(Final("yes", 0.9, 400))
        call.listener.hear(audio(300, 3))
        call.listener.listen(SECOND)
        call.listener.hear(audio(100, 4))
        assert call.engine.stream.audio == audio(100, 2) + audio(300, 3) + audio(100, 4)
        await call.listener.aclose()

    @pytest.mark.asyncio
    async def test_times_count_from_the_start_of_the_call(self, call: Call) -> None:
        """The second stream's times are moved by where it began."""
        call.listener.listen(FIRST)
        call.listener.hear(audio(1000))
        await call.report(Final("yes", None, 600))
        call.listener.listen(SECOND)
        call.listener.hear(audio(1000))
        await call.report(SpeechStarted(100), Final("monday", None, 700))
        assert call.events[1:] == [SpeechStarted(700), Final("monday", None, 1300)]

    @pytest.mark.asyncio
    async def test_final_cannot_end_in_the_future(self, call: Call) -> None:
        """An end behind the audio heard is cut, so that nothing of what follows is skipped."""
        call.listener.listen(FIRST)
        call.listener.hear(audio(500))
        await call.report(Final("yes", None, 900))
        call.listener.hear(audio(200, 5))
        call.listener.listen(SECOND)
        assert call.events == [Final("yes", None, 500)]
        assert call.engine.stream.audio == audio(200, 5)
        await call.listener.aclose()

    @pytest.mark.asyncio
    async def test_final_without_text_is_an_event(self, call: Call) -> None:
        """Speech that was not understood ends the turn like any other."""
        call.listener.listen(FIRST)
        call.listener.hear(audio(500))
        await call.report(Final("", None, 400))
        assert call.events == [Final("", None, 400)]

    @pytest.mark.asyncio
    async def test_listen_may_be_called_from_emit(self) -> None:
        """The next turn may begin while the Final is being emitted."""
        engine = ScriptedRecognizer()

        def emit(event: ListenerEvent) -> None:
            if isinstance(event, Final):
                listener.listen(SECOND)

        listener = Listener([engine], emit)
        listener.listen(FIRST)
        listener.hear(audio(500))
        engine.stream.report(Final("yes", None, 400))
        await engine.stream.closed.wait()
        assert [stream.config for stream in engine.streams] == [FIRST, SECOND]
        assert not engine.stream.closed.is_set()
        await listener.aclose()

    @pytest.mark.asyncio
    async def test_listening_again_with_the_same_config_changes_nothing(self, call: Call) -> None:
        """The stream goes on."""
        call.listener.listen(FIRST)
        call.listener.listen(FIRST)
        assert len(call.engine.streams) == 1
        await call.listener.aclose()

    @pytest.mark.asyncio
    async def test_new_hints_within_a_turn_keep_the_words_being_said(self, call: Call) -> None:
        """The new stream hears the utterance from before its beginning."""
        call.listener.listen(FIRST)
        call.listener.hear(audio(5000))
        call.listener.hear(audio(1000, 7))
        await call.report(SpeechStarted(5100))
        call.listener.listen(SECOND)
        await call.settle()
        assert call.engine.streams[0].closed.is_set()
        assert call.engine.stream.config == SECOND
        assert call.engine.stream.audio == audio(2900) + audio(1000, 7)
        await call.listener.aclose()


class TestFailures:
    """Streams that fail."""

    @pytest.mark.asyncio
    async def test_first_failure_is_mended_at_once(self, call: Call) -> None:
        """The new stream hears again all that is not final."""
        call.listener.listen(FIRST)
        call.listener.hear(audio(250, 1))
        await call.fail()
        call.listener.hear(audio(50, 2))
        assert call.events == [Reopened("down", 250)]
        assert call.engine.stream.audio == audio(250, 1) + audio(50, 2)
        assert call.engine.streams[0].closed.is_set()
        await call.listener.aclose()

    @pytest.mark.asyncio
    async def test_words_of_a_final_are_not_replayed(self, call: Call) -> None:
        """A failure in the second turn reaches back to the first turn's end, not further."""
        call.listener.listen(FIRST)
        call.listener.hear(audio(500, 1))
        await call.report(Final("yes", None, 400))
        call.listener.listen(SECOND)
        await call.fail()
        assert call.engine.stream.audio == audio(100, 1)
        await call.listener.aclose()

    @pytest.mark.asyncio
    async def test_failure_behind_the_final_is_ignored(self, call: Call) -> None:
        """The turn is over; nothing is reopened."""
        call.listener.listen(FIRST)
        call.listener.hear(audio(500, 1))
        call.engine.stream.report(Final("yes", None, 400))
        await call.fail()
        assert call.events == [Final("yes", None, 400)]
        assert len(call.engine.streams) == 1

    @pytest.mark.asyncio
    async def test_later_failures_wait_longer_and_longer(self, call: Call) -> None:
        """Each attempt waits for its delay, and audio heard meanwhile is replayed."""
        call.listener.listen(FIRST)
        await call.fail()
        for attempt, delay in enumerate(RETRY_DELAYS[1:], start=2):
            await call.fail()
            call.pass_time(delay - 0.01)
            assert len(call.engine.streams) == attempt
            call.pass_time(0.02)
            assert len(call.engine.streams) == attempt + 1
        assert len(call.engine.stream.audio) == len(audio(20)) * 2 * (len(RETRY_DELAYS) - 1)
        await call.listener.aclose()

    @pytest.mark.asyncio
    async def test_too_many_failures_give_up(self, call: Call) -> None:
        """Seven failures without a word between them end the turn; the next listen tries anew."""
        call.listener.listen(FIRST)
        for _ in range(len(RETRY_DELAYS)):
            await call.fail()
            call.pass_time(5)
        await call.fail()
        call.pass_time(60)
        assert call.events[-1] == GaveUp(DOWN)
        assert len(call.engine.streams) == 7
        call.listener.listen(FIRST)
        assert len(call.engine.streams) == 8
        await call.listener.aclose()

    @pytest.mark.asyncio
    async def test_refusal_gives_up_at_once(self, call: Call) -> None:
        """No second attempt is made where only an operator can help."""
        refused = EngineRefused("no credentials")
        call.listener.listen(FIRST)
        await call.fail(refused)
        call.pass_time(60)
        assert call.events == [GaveUp(refused)]
        assert len(call.engine.streams) == 1

    @pytest.mark.asyncio
    async def test_an_engine_that_speaks_and_fails_in_turns_is_given_up(self, call: Call) -> None:
        """Interims are no success: only a Final is, or a stream that lasts."""
        call.listener.listen(FIRST)
        for _ in range(100):
            await call.report(Interim("ye"))
            await call.fail()
            call.pass_time(4)
        assert call.events[-1] == GaveUp(DOWN)
        assert len(call.engine.streams) == len(RETRY_DELAYS) + 1

    @pytest.mark.asyncio
    async def test_a_final_makes_up_for_failures(self, call: Call) -> None:
        """An engine that fails in every turn, but hears each, is kept."""
        for turn in range(20):
            call.listener.listen(FIRST if turn % 2 else SECOND)
            await call.fail()
            assert isinstance(call.events[-1], Reopened)
            await call.report(Final("yes", None, 0))
        assert not any(isinstance(event, GaveUp) for event in call.events)

    @pytest.mark.asyncio
    async def test_long_lived_stream_is_no_failed_attempt(self, call: Call) -> None:
        """A stream that lasted is replaced at once, whatever failed before."""
        call.listener.listen(FIRST)
        for _ in range(20):
            opened = len(call.engine.streams)
            call.now += 60
            await call.fail(StreamLimitReached("too old"))
            assert len(call.engine.streams) == opened + 1
        await call.listener.aclose()

    @pytest.mark.asyncio
    async def test_orderly_end_without_a_result_is_a_failure(self, call: Call) -> None:
        """A call never goes deaf because the engine has hung up."""
        call.listener.listen(FIRST)
        call.engine.stream.end()
        await call.settle()
        (event,) = call.events
        assert isinstance(event, Reopened)
        assert "ended the stream" in event.reason
        await call.listener.aclose()

    @pytest.mark.asyncio
    async def test_defect_of_an_engine_is_a_failure(
        self, call: Call, caplog: pytest.LogCaptureFixture
    ) -> None:
        """It is logged with its traceback, and the call goes on."""
        call.listener.listen(FIRST)
        with caplog.at_level(logging.ERROR):
            await call.fail(KeyError("bug"))
        assert call.events == [Reopened("the scripted engine broke: KeyError", 0)]
        assert caplog.records[0].exc_info is not None
        await call.listener.aclose()

    @pytest.mark.asyncio
    async def test_replay_is_bounded(self, call: Call) -> None:
        """No more than the newest 30 s are heard again."""
        call.listener.listen(FIRST)
        for second in range(40):
            call.listener.hear(audio(1000, second))
        await call.fail()
        assert call.events == [Reopened("down", 30_000)]
        assert call.engine.stream.audio[:8] == audio(1, 10)
        await call.report(SpeechStarted(0))
        assert call.events[-1] == SpeechStarted(10_000)
        await call.listener.aclose()


class TestRotation:
    """Streams that grow old."""

    @pytest.mark.asyncio
    async def test_old_stream_is_replaced_in_silence(self, limited: Call) -> None:
        """At 80 % of the limit the next audio finds a new stream, which hears 3 s again."""
        limited.listener.listen(FIRST)
        limited.listener.hear(audio(10_000))
        limited.pass_time(239)
        assert len(limited.engine.streams) == 1
        limited.pass_time(1)
        assert limited.events == [Rotated(240.0, 3000)]
        assert limited.engine.stream.audio == audio(3000)
        await limited.settle()
        assert limited.engine.streams[0].closed.is_set()
        assert not limited.engine.stream.closed.is_set()
        await limited.listener.aclose()

    @pytest.mark.asyncio
    async def test_running_speech_is_not_cut_until_it_must(self, limited: Call) -> None:
        """While somebody speaks the stream stays until 97 %; then the utterance moves whole."""
        limited.listener.listen(FIRST)
        limited.listener.hear(audio(10_000))
        limited.listener.hear(audio(2_000, 1))
        await limited.report(SpeechStarted(10_500))
        for _ in range(145):
            await limited.report(Interim("and"))
            limited.pass_time(2)
        assert len(limited.engine.streams) == 1
        limited.pass_time(1)
        assert limited.engine.stream.audio == audio(2_500) + audio(2_000, 1) + audio(146 * 20)
        await limited.listener.aclose()

    @pytest.mark.asyncio
    async def test_utterance_without_known_beginning_moves_with_all_audio(
        self, limited: Call
    ) -> None:
        """An interim says that somebody speaks, but not since when."""
        limited.listener.listen(FIRST)
        limited.listener.hear(audio(12_000))
        await limited.report(Interim("ye"))
        limited.pass_time(291)
        assert limited.events[-1] == Rotated(291.0, 12_020)
        await limited.listener.aclose()

    @pytest.mark.asyncio
    async def test_rotated_stream_reports_in_its_place(self, limited: Call) -> None:
        """Only the new stream is listened to, and its times are those of the call."""
        limited.listener.listen(FIRST)
        limited.listener.hear(audio(10_000))
        limited.pass_time(240)
        limited.engine.streams[0].report(Final("old", None, 10_000))
        await limited.report(Final("new", None, 2_980))
        assert limited.events[1:] == [Final("new", None, 10_000)]

    @pytest.mark.asyncio
    async def test_engine_without_limit_is_never_rotated(self, call: Call) -> None:
        """An engine that sets no limit keeps its stream."""
        call.listener.listen(FIRST)
        call.pass_time(100_000)
        assert len(call.engine.streams) == 1
        await call.listener.aclose()


class TestEnd:
    """The caller is gone."""

    @pytest.mark.asyncio
    async def test_finish_reports_last_words(self, call: Call) -> None:
        """All finals that come before the engine ends the stream are emitted."""
        call.listener.listen(FIRST)
        call.listener.hear(audio(1000))
        finishing = asyncio.create_task(call.listener.finish(5))
        await call.settle()
        assert call.engine.stream.finished
        await call.report(Final("good", None, 400), Final("bye", None, 800))
        call.engine.stream.end()
        await finishing
        assert call.events == [Final("good", None, 400), Final("bye", None, 800)]
        assert call.engine.stream.closed.is_set()

    @pytest.mark.asyncio
    async def test_finish_waits_no_longer_than_its_timeout(self, call: Call) -> None:
        """A silent engine does not hold up the end of a call."""
        call.listener.listen(FIRST)
        async with asyncio.timeout(SOON):
            await call.listener.finish(0.01)
        assert call.engine.stream.closed.is_set()

    @pytest.mark.asyncio
    async def test_finish_between_turns_is_immediate(self, call: Call) -> None:
        """Nobody listens, so nothing is waited for."""
        call.listener.hear(audio(100))
        await call.listener.finish(60)
        assert call.engine.streams == []

    @pytest.mark.asyncio
    async def test_failure_while_finishing_is_mended_once(self, call: Call) -> None:
        """The rest of what was said goes to a second stream, half-closed at once."""
        call.listener.listen(FIRST)
        call.listener.hear(audio(400, 1) + audio(400, 2))
        finishing = asyncio.create_task(call.listener.finish(5))
        await call.settle()
        await call.report(Final("good", None, 400))
        await call.fail()
        assert call.engine.stream.finished
        assert call.engine.stream.audio == audio(400, 2)
        await call.fail()
        await finishing
        assert call.events == [Final("good", None, 400), Reopened("down", 400), GaveUp(DOWN)]

    @pytest.mark.asyncio
    async def test_finish_while_waiting_for_a_retry_tries_at_once(self, call: Call) -> None:
        """No more audio comes that could lead to the attempt."""
        call.listener.listen(FIRST)
        call.listener.hear(audio(400, 1))
        await call.fail()
        await call.fail()
        finishing = asyncio.create_task(call.listener.finish(5))
        await call.settle()
        await call.report(Final("bye", None, 400))
        call.engine.stream.end()
        await finishing
        assert call.events[-1] == Final("bye", None, 400)

    @pytest.mark.asyncio
    async def test_listen_is_ignored_once_the_caller_is_gone(self, call: Call) -> None:
        """An answer that comes too late opens no stream, neither while finishing nor after it."""
        call.listener.listen(FIRST)
        finishing = asyncio.create_task(call.listener.finish(5))
        await call.settle()
        call.listener.listen(SECOND)
        call.engine.stream.end()
        await finishing
        call.listener.listen(SECOND)
        assert [stream.config for stream in call.engine.streams] == [FIRST]

    @pytest.mark.asyncio
    async def test_cancelled_finish_leaves_nothing(self, call: Call) -> None:
        """Cancelling the wait closes the stream and ends all tasks."""
        before = asyncio.all_tasks()
        call.listener.listen(FIRST)
        finishing = asyncio.create_task(call.listener.finish(60))
        await call.settle()
        finishing.cancel()
        await asyncio.wait({finishing})
        assert call.engine.stream.closed.is_set()
        assert asyncio.all_tasks() == before

    @pytest.mark.asyncio
    async def test_aclose_leaves_no_task_and_no_stream(self, call: Call) -> None:
        """Streams that were dropped before are gone too."""
        before = asyncio.all_tasks()
        call.listener.listen(FIRST)
        call.listener.listen(SECOND)
        await call.listener.aclose()
        await call.listener.aclose()
        assert all(stream.closed.is_set() for stream in call.engine.streams)
        assert asyncio.all_tasks() == before


WORD_MS = 300
GAP_MS = 300
ENDPOINT_MS = 200


class HearingStream(ScriptedStream):
    """Hears words in the audio: 300 ms of one code are a word, 200 ms of silence make it final.

    Also a part of a word is reported, with its length, so that a torn word does not go unnoticed.
    """

    def __init__(self, config: RecognitionConfig) -> None:
        super().__init__(config)
        self._position = 0
        self._word = 0
        self._word_ms = 0
        self._quiet_ms = 0

    def write(self, audio: bytes) -> None:
        """Hear the audio, millisecond by millisecond."""
        super().write(audio)
        while len(self.audio) >= (self._position + 1) * 8:
            self._position += 1
            self._hear(self.audio[self._position * 8 - 1])

    def finish(self) -> None:
        """Report what was being said, and end."""
        super().finish()
        self._settle(self._position)
        self.end()

    def _hear(self, code: int) -> None:
        if code != 0xFF:
            if self._word_ms == 0:
                self.report(SpeechStarted(self._position))
            self._word, self._quiet_ms = code, 0
            self._word_ms += 1
            if self._word_ms == WORD_MS // 2:
                self.report(Interim(str(code)))
            return
        self._quiet_ms += 1
        if self._quiet_ms == ENDPOINT_MS:
            self._settle(self._position - ENDPOINT_MS)

    def _settle(self, end_ms: int) -> None:
        if self._word_ms:
            self.report(Final(f"{self._word}:{self._word_ms}", None, end_ms))
        self._word_ms = 0


@dataclass(frozen=True)
class Moment:
    """100 ms of a call's life: what befalls the stream, and whether tasks run before the next."""

    fault: str
    yields: int


MOMENTS = st.builds(
    Moment,
    fault=st.sampled_from([""] * 8 + ["fail", "end", "limit"]),
    yields=st.integers(min_value=1, max_value=4),
)


class TestEveryWordOnce:
    """Whatever befalls the streams, each word is emitted in one Final."""

    @settings(max_examples=300, deadline=None)
    @given(
        pauses=st.lists(st.integers(0, 6000), min_size=1, max_size=8),
        moments=st.lists(MOMENTS, min_size=1, max_size=80),
        piece_bytes=st.integers(100, 1700),
        thinking=st.integers(0, 6),
    )
    def test_no_word_is_lost_and_none_doubled(
        self, pauses: list[int], moments: list[Moment], piece_bytes: int, thinking: int
    ) -> None:
        """Faults strike at random while words, pauses, rotations and slow answers alternate."""
        asyncio.run(self._hold_a_call(pauses, moments, piece_bytes, thinking))

    async def _hold_a_call(
        self, pauses: list[int], moments: list[Moment], piece_bytes: int, thinking: int
    ) -> None:
        call = Call(ScriptedRecognizer(max_stream_seconds=5.0, stream_type=HearingStream))
        spoken = b"".join(
            audio(GAP_MS + pause) + audio(WORD_MS, word) for word, pause in enumerate(pauses)
        ) + audio(GAP_MS)
        answered = 0
        patience = thinking
        call.listener.listen(FIRST)
        for number, start in enumerate(range(0, len(spoken), piece_bytes)):
            piece = spoken[start : start + piece_bytes]
            call.now += len(piece) / 8000
            call.listener.hear(piece)
            moment = moments[number % len(moments)]
            if moment.fault and self._may_fail(call):
                self._strike(call.engine.stream, moment.fault)
            for _ in range(moment.yields):
                await asyncio.sleep(0)
            if len(self._finals(call)) > answered:
                patience -= 1
                if patience < 0:
                    answered, patience = len(self._finals(call)), thinking
                    call.listener.listen(FIRST if answered % 2 else SECOND)
        await self._hear_the_rest(call)
        assert not any(isinstance(event, GaveUp) for event in call.events)
        assert [final.text for final in self._finals(call)] == [
            f"{word}:{WORD_MS}" for word in range(len(pauses))
        ]
        assert all(stream.closed.is_set() for stream in call.engine.streams)

    @staticmethod
    def _may_fail(call: Call) -> bool:
        """Return False where the listener would soon, and rightly, give up."""
        in_a_row = 0
        for event in reversed(call.events):
            if not isinstance(event, Reopened):
                break
            in_a_row += 1
        return in_a_row < len(RETRY_DELAYS) - 2

    @staticmethod
    def _strike(stream: ScriptedStream, fault: str) -> None:
        if fault == "end":
            stream.end()
        else:
            stream.fail(DOWN if fault == "fail" else StreamLimitReached("too old"))

    @staticmethod
    def _finals(call: Call) -> list[Final]:
        return [event for event in call.events if isinstance(event, Final)]

    @staticmethod
    async def _hear_the_rest(call: Call) -> None:
        await call.settle()
        call.listener.listen(SECOND)
        await call.listener.finish(5)
