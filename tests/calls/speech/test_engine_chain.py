"""More than one engine, and engines that stop answering; scripted."""

import pytest

from calls.speech.engine_chain import RETRY_DELAYS
from calls.speech.events import EngineRefused, Final, Interim, SpeechStarted
from calls.speech.listener import EngineChanged, GaveUp, Reopened, Rotated
from tests.calls.speech.listening import DOWN, FIRST, SECOND, Call, audio, voice
from tests.calls.speech.scripted import ScriptedRecognizer

SILENT = "the scripted engine says nothing"


@pytest.fixture
def call() -> Call:
    """A call with a first and a second engine."""
    return Call(ScriptedRecognizer(), ScriptedRecognizer(name="spare"))


@pytest.fixture
def single() -> Call:
    """A call with one engine."""
    return Call(ScriptedRecognizer())


class TestFailover:
    """The next engine takes over where one fails for good."""

    @pytest.mark.asyncio
    async def test_repeated_failure_moves_on_to_the_next_engine(self, call: Call) -> None:
        """Two retries, then the turn so far is heard again by the other engine."""
        call.listener.listen(FIRST)
        await call.say(audio(400, 1))
        await call.fail()
        await call.fail()
        call.pass_time(0.3)
        await call.fail()
        (spare,) = call.others
        heard = audio(400, 1) + audio(20)
        assert call.events == [
            Reopened("down", 400),
            Reopened("down", 420),
            EngineChanged("spare", "down", 420),
        ]
        assert spare.stream.config == FIRST
        assert spare.stream.audio == heard
        assert all(stream.closed.is_set() for stream in call.engine.streams)
        await call.listener.aclose()

    @pytest.mark.asyncio
    async def test_refusal_moves_on_at_once(self, call: Call) -> None:
        """Where only an operator can help, nothing is tried again."""
        call.listener.listen(FIRST)
        await call.fail(EngineRefused("no credentials"))
        assert call.events == [EngineChanged("spare", "no credentials", 0)]
        assert len(call.engine.streams) == 1
        await call.listener.aclose()

    @pytest.mark.asyncio
    async def test_two_slow_failures_are_enough(self, call: Call) -> None:
        """A caller who waited for two connections in vain waits for no third one."""
        call.listener.listen(FIRST)
        call.now += 5
        await call.fail()
        call.now += 5
        await call.fail()
        assert [type(event) for event in call.events] == [Reopened, EngineChanged]
        await call.listener.aclose()

    @pytest.mark.asyncio
    async def test_later_turns_begin_with_the_engine_that_works(self, call: Call) -> None:
        """There is no way back within a call."""
        call.listener.listen(FIRST)
        await call.fail(EngineRefused("no"))
        (spare,) = call.others
        spare.stream.report(Final("yes", None, 0))
        await call.settle()
        call.listener.listen(SECOND)
        assert [stream.config for stream in spare.streams] == [FIRST, SECOND]
        assert len(call.engine.streams) == 1
        await call.listener.aclose()

    @pytest.mark.asyncio
    async def test_the_call_gives_up_when_the_last_engine_does(self, call: Call) -> None:
        """The last engine has all its retries; its error is the one that is reported."""
        call.listener.listen(FIRST)
        await call.fail(EngineRefused("no"))
        (spare,) = call.others
        for _ in range(100):
            spare.stream.fail(DOWN)
            await call.settle()
            call.pass_time(4)
        kinds = [type(event) for event in call.events]
        assert kinds == [EngineChanged, *[Reopened] * len(RETRY_DELAYS), GaveUp]
        assert call.events[-1] == GaveUp(DOWN)

    @pytest.mark.asyncio
    async def test_an_engine_that_speaks_and_fails_in_turns_is_left(self, call: Call) -> None:
        """Interim, failure, three times a second: that is no engine that works."""
        call.listener.listen(FIRST)
        for _ in range(30):
            await call.report(Interim("ye"))
            await call.fail()
            call.pass_time(0.33)
        assert len(call.engine.streams) == 3
        assert len(call.others[0].streams) == 1
        await call.listener.aclose()

    @pytest.mark.asyncio
    async def test_an_engine_whose_open_raises_is_a_failed_one(self, call: Call) -> None:
        """A defect of one engine does not reach the call."""

        class Defective(ScriptedRecognizer):
            def open(self, config: object) -> object:  # type: ignore[override]
                raise KeyError("bug")

        call = Call(Defective(), ScriptedRecognizer(name="spare"))
        call.listener.listen(FIRST)
        await call.settle()
        await call.quiet(1)
        assert isinstance(call.events[-1], EngineChanged)
        assert call.events[-1].reason == "the scripted engine opens no stream: KeyError"
        await call.listener.aclose()


class TestSilentEngine:
    """Engines that take audio and say nothing."""

    @pytest.mark.asyncio
    async def test_silence_about_a_voice_is_a_failure_within_five_seconds(
        self, single: Call
    ) -> None:
        """The words are heard again by a new stream."""
        single.listener.listen(FIRST)
        await single.quiet(1)
        await single.say(voice(600))
        await single.quiet(4.4)
        assert single.events == [Reopened(SILENT, pytest.approx(5900, abs=300))]
        assert voice(600) in single.engine.stream.audio
        await single.report(Final("yes", None, 1600))
        assert single.events[-1] == Final("yes", None, 1600)

    @pytest.mark.asyncio
    async def test_silence_while_somebody_goes_on_speaking(self, single: Call) -> None:
        """So it is when the voice does not pause."""
        single.listener.listen(FIRST)
        await single.say(voice(5000))
        assert [type(event) for event in single.events] == [Reopened]
        await single.listener.aclose()

    @pytest.mark.asyncio
    async def test_an_engine_that_falls_silent_in_mid_speech_is_noticed(self, single: Call) -> None:
        """Within 5 s of the last interim."""
        single.listener.listen(FIRST)
        await single.say(voice(1000))
        await single.report(SpeechStarted(0), Interim("I would"))
        await single.say(voice(5000))
        assert isinstance(single.events[-1], Reopened)
        await single.listener.aclose()

    @pytest.mark.asyncio
    async def test_an_engine_that_owes_a_transcript_is_noticed(self, single: Call) -> None:
        """It fell silent with the caller's last word: nobody speaks, and yet it is not in order."""
        single.listener.listen(FIRST)
        await single.say(voice(600))
        await single.report(Interim("I would"))
        await single.quiet(5)
        assert isinstance(single.events[-1], Reopened)
        assert voice(600) in single.engine.stream.audio
        await single.listener.aclose()

    @pytest.mark.asyncio
    async def test_an_engine_without_interims_may_take_its_time(self) -> None:
        """It reports the begin, and the transcript only when the utterance is over."""
        call = Call(ScriptedRecognizer(has_interims=False))
        call.listener.listen(FIRST)
        await call.say(voice(300))
        await call.report(SpeechStarted(0))
        await call.say(voice(15_000) + audio(1000))
        assert call.events == [SpeechStarted(0)]
        await call.listener.aclose()

    @pytest.mark.asyncio
    async def test_an_engine_that_answers_is_let_be(self, single: Call) -> None:
        """A long speech with an interim now and then is in order."""
        single.listener.listen(FIRST)
        for _ in range(10):
            await single.say(voice(3000))
            await single.report(Interim("and"))
        assert set(map(type, single.events)) == {Interim}
        await single.listener.aclose()

    @pytest.mark.asyncio
    async def test_silence_of_the_caller_asks_for_no_answer(self, single: Call) -> None:
        """Nor do clicks and noise."""
        single.listener.listen(FIRST)
        await single.quiet(2)
        await single.say(voice(60))
        await single.quiet(30)
        assert single.events == []
        await single.listener.aclose()

    @pytest.mark.asyncio
    async def test_two_silences_lead_to_the_next_engine(self, call: Call) -> None:
        """The caller, who said his words once and waits, is heard after less than 10 s."""
        call.listener.listen(FIRST)
        await call.say(voice(600))
        await call.quiet(9.4)
        assert [type(event) for event in call.events] == [Reopened, EngineChanged]
        assert voice(600) in call.others[0].stream.audio
        await call.listener.aclose()

    @pytest.mark.asyncio
    async def test_a_noise_does_not_end_a_call(self, single: Call) -> None:
        """What two streams hear nothing in may be no speech: no third one is asked."""
        single.listener.listen(FIRST)
        for _ in range(5):
            await single.say(voice(600))
            await single.quiet(30)
        assert [type(event) for event in single.events] == [Reopened] * 5
        await single.listener.aclose()

    @pytest.mark.asyncio
    async def test_a_dead_engine_is_given_up(self, single: Call) -> None:
        """A caller who speaks on is heard in another way after 15 seconds, not after 45."""
        single.listener.listen(FIRST)
        await single.say(voice(16_000))
        assert [type(event) for event in single.events] == [Reopened, Reopened, GaveUp]

    @pytest.mark.asyncio
    async def test_rotation_takes_an_unanswered_voice_along(self) -> None:
        """A stream may grow old while the engine owes an answer: no word is left behind."""
        call = Call(ScriptedRecognizer(max_stream_seconds=300.0))
        call.listener.listen(FIRST)
        await call.quiet(1)
        call.now += 235
        await call.quiet(1)
        await call.say(voice(600))
        await call.quiet(3)
        assert isinstance(call.events[-1], Rotated)
        assert voice(600) in call.engine.stream.audio
        await call.listener.aclose()
