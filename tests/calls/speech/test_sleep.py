"""A metered engine is sent no long silence; scripted."""

import asyncio

import pytest

from calls.speech.events import Final, Interim, SpeechStarted
from calls.speech.listener import (
    IDLE_SECONDS,
    QUIET_SECONDS,
    SETTLE_SECONDS,
    UNHURRIED_SECONDS,
    GaveUp,
    Reopened,
    Rotated,
    Slept,
    Woke,
)
from calls.speech.recognizer import RecognitionConfig
from tests.calls.speech.listening import DOWN, FIRST, SECOND, Call, audio, hiss, hum, voice
from tests.calls.speech.scripted import ScriptedRecognizer
from tests.waiting import SOON


@pytest.fixture
def call() -> Call:
    """A call whose engine costs money."""
    return Call(ScriptedRecognizer(max_stream_seconds=300.0, is_metered=True))


async def fall_asleep(call: Call, *events: SpeechStarted | Interim) -> None:
    """Begin a turn in which somebody speaks, the engine reports events, and then all is silent."""
    call.listener.listen(FIRST)
    await call.say(voice(600))
    await call.report(*events)
    await call.quiet(QUIET_SECONDS + 0.3)


async def sleep(call: Call, line: bytes = audio(4000)) -> None:
    """Begin a turn in which nobody speaks, on a line that sounds so, and let its stream end."""
    call.listener.listen(FIRST)
    await call.say(line)
    call.engine.stream.end()
    await call.settle()
    assert [type(event) for event in call.events] == [Slept]
    call.events.clear()


SPEECH = SpeechStarted(0)
WORDS = Interim("well")


class TestTurnsThatBeginInSilence:
    """A stream is opened at once, and ended when nobody speaks for long."""

    @pytest.mark.asyncio
    async def test_an_answer_that_nobody_else_notices_is_heard(self, call: Call) -> None:
        """The engine hears a caller who is too faint for any detector here."""
        await call.quiet(5)
        call.listener.listen(FIRST)
        await call.quiet(2)
        await call.report(Final("yes", None, 2600))
        assert call.events == [Final("yes", None, 7000)]
        assert call.engine.streams[0].audio == audio(2600)

    @pytest.mark.asyncio
    async def test_the_silence_before_is_not_heard(self, call: Call) -> None:
        """But for the moment in which a word may have begun."""
        await call.quiet(20)
        call.listener.listen(FIRST)
        assert call.engine.stream.audio == audio(600)
        await call.listener.aclose()

    @pytest.mark.asyncio
    async def test_silence_ends_the_stream_and_opens_no_other(self, call: Call) -> None:
        """However long it lasts."""
        call.listener.listen(FIRST)
        await call.quiet(QUIET_SECONDS - 0.1)
        assert not call.engine.stream.finished
        await call.quiet(0.3)
        assert call.engine.stream.finished
        call.engine.stream.end()
        await call.quiet(30)
        assert len(call.engine.streams) == 1
        assert [type(event) for event in call.events] == [Slept]
        await call.listener.aclose()

    @pytest.mark.asyncio
    async def test_the_noise_of_a_line_ends_it_as_well(self, call: Call) -> None:
        """Noise of -44 dB is neither a voice nor loud."""
        await sleep(call, hiss(4000, level=200))
        await call.say(hiss(30_000, level=200))
        assert call.events == []
        await call.listener.aclose()

    @pytest.mark.asyncio
    async def test_an_engine_without_a_meter_always_hears(self) -> None:
        """Nothing is saved by its sleep."""
        call = Call(ScriptedRecognizer())
        call.listener.listen(FIRST)
        await call.quiet(60)
        assert call.events == []
        assert call.engine.stream.audio == audio(60_000)
        await call.listener.aclose()

    @pytest.mark.asyncio
    async def test_voice_before_the_turn_is_heard_at_once(self, call: Call) -> None:
        """What was said while the answer was decided opens the turn's stream, without the pause."""
        await call.quiet(10)
        await call.say(voice(500))
        await call.quiet(2)
        call.listener.listen(FIRST)
        heard = bytes(call.engine.stream.audio)
        assert voice(500) in heard
        assert len(heard) < len(audio(3500))
        await call.listener.aclose()

    @pytest.mark.asyncio
    async def test_the_detectors_hangover_behind_a_final_is_no_voice(self, call: Call) -> None:
        """The words of the turn before do not wake the next one."""
        call.listener.listen(FIRST)
        await call.say(voice(600) + audio(300))
        await call.report(Final("yes", None, 600))
        call.listener.listen(SECOND)
        await call.quiet(QUIET_SECONDS + 0.3)
        call.engine.stream.end()
        await call.quiet(5)
        assert [type(event) for event in call.events] == [Final, Slept]
        await call.listener.aclose()


class TestFallingAsleep:
    """A stream in which nobody speaks any more is ended."""

    @pytest.mark.asyncio
    async def test_silence_ends_the_stream(self, call: Call) -> None:
        """It is half-closed, long before the engine would miss the audio, and fed no more."""
        await fall_asleep(call, SPEECH)
        assert isinstance(call.events[-1], Slept)
        assert call.engine.stream.finished
        assert len(call.engine.stream.audio) < len(audio(600 + 3300))
        await call.listener.aclose()

    @pytest.mark.asyncio
    async def test_what_the_engine_still_knew_ends_the_turn(self, call: Call) -> None:
        """The half-close makes it settle on a transcript."""
        await fall_asleep(call, SPEECH, WORDS)
        await call.report(Final("well", None, 600))
        call.engine.stream.end()
        await call.settle()
        await call.quiet(10)
        assert [type(event) for event in call.events[-2:]] == [Slept, Final]
        assert len(call.engine.streams) == 1

    @pytest.mark.asyncio
    async def test_an_orderly_end_without_words_is_sleep(self, call: Call) -> None:
        """The engine heard that there was speech, and found no words in it: that is no failure."""
        await fall_asleep(call, SPEECH)
        call.engine.stream.end()
        await call.settle()
        await call.quiet(60)
        assert [type(event) for event in call.events] == [SpeechStarted, Slept]
        assert call.engine.stream.closed.is_set()
        assert len(call.engine.streams) == 1
        await call.listener.aclose()

    @pytest.mark.asyncio
    async def test_a_transcript_that_is_kept_back_is_asked_for_once_more(self, call: Call) -> None:
        """An interim without a transcript: if a second stream ends so too, there were no words."""
        await fall_asleep(call, SPEECH, WORDS)
        call.engine.stream.end()
        await call.settle()
        assert isinstance(call.events[-1], Reopened)
        assert voice(600) in call.engine.stream.audio
        await call.report(Interim("well"))
        await call.quiet(QUIET_SECONDS + 0.1)
        call.engine.stream.end()
        await call.settle()
        assert isinstance(call.events[-1], Slept)
        await call.quiet(60)
        assert len(call.engine.streams) == 2
        await call.listener.aclose()

    @pytest.mark.asyncio
    async def test_an_engine_that_does_not_finish_is_a_failed_one(self, call: Call) -> None:
        """It owes the transcript of an interim; a new stream hears the utterance again."""
        await fall_asleep(call, SPEECH, WORDS)
        await call.quiet(SETTLE_SECONDS)
        assert isinstance(call.events[-1], Reopened)
        assert voice(600) in call.engine.stream.audio
        await call.listener.aclose()

    @pytest.mark.asyncio
    async def test_an_engine_that_neither_speaks_nor_finishes_is_given_up(self, call: Call) -> None:
        """The caller said one thing and waits: in the end the call knows that he is not heard."""
        call.listener.listen(FIRST)
        await call.say(voice(600))
        await call.quiet(60)
        assert isinstance(call.events[-1], GaveUp)

    @pytest.mark.asyncio
    async def test_an_engine_that_finds_no_words_in_a_noise_is_kept(self, call: Call) -> None:
        """It ends its stream in order where it is told to."""
        call.listener.listen(FIRST)
        await call.say(voice(600))
        for _ in range(40):
            if call.engine.stream.finished:
                call.engine.stream.end()
            await call.quiet(0.5)
        assert [type(event) for event in call.events] == [Reopened, Slept]
        await call.listener.aclose()

    @pytest.mark.asyncio
    async def test_an_engine_that_heard_nothing_is_not_waited_for(self, call: Call) -> None:
        """Noise woke the listener: the stream is dropped soon, and nothing is wrong."""
        await sleep(call)
        await call.say(voice(100))
        await call.quiet(IDLE_SECONDS + 0.4)
        assert call.engine.stream.finished
        await call.quiet(UNHURRIED_SECONDS)
        assert [type(event) for event in call.events] == [Woke, Slept]
        assert call.engine.stream.closed.is_set()
        await call.listener.aclose()

    @pytest.mark.asyncio
    async def test_a_voice_takes_along_what_a_stream_that_does_not_end_was_given(
        self, call: Call
    ) -> None:
        """Too short to ask for an answer, it may have been a word all the same."""
        await sleep(call)
        await call.say(voice(100))
        await call.quiet(2)
        await call.say(voice(400))
        await call.quiet(1.5)
        assert [type(event) for event in call.events] == [Woke, Slept, Woke]
        heard = call.engine.stream.audio
        assert heard.index(voice(100)) < heard.index(voice(400))
        await call.listener.aclose()

    @pytest.mark.asyncio
    async def test_a_failure_while_falling_asleep_is_one(self, call: Call) -> None:
        """What the stream was given is heard again."""
        await sleep(call)
        await call.say(voice(100))
        await call.quiet(QUIET_SECONDS)
        await call.fail()
        assert [type(event) for event in call.events] == [Woke, Slept, Reopened]
        assert voice(100) in call.engine.stream.audio
        await call.listener.aclose()

    @pytest.mark.asyncio
    async def test_words_of_the_engine_keep_it_awake(self, call: Call) -> None:
        """An engine that hears more than the detector does is right."""
        call.listener.listen(FIRST)
        await call.say(voice(600))
        for number in range(10):
            await call.report(Interim(str(number)))
            await call.quiet(2)
        assert not any(isinstance(event, Slept) for event in call.events)
        await call.listener.aclose()

    @pytest.mark.asyncio
    async def test_an_unanswered_voice_keeps_the_stream(self, call: Call) -> None:
        """A dead engine is found out by its silence, not put to sleep."""
        call.listener.listen(FIRST)
        await call.say(voice(600))
        await call.quiet(4.5)
        assert [type(event) for event in call.events] == [Reopened]
        await call.listener.aclose()

    @pytest.mark.asyncio
    async def test_a_voice_counts_until_the_engine_tells_of_it(self, call: Call) -> None:
        """Meanwhile nobody can say that the caller is silent."""
        call.listener.listen(FIRST)
        await call.say(voice(600))
        assert call.listener.has_unanswered_voice
        await call.report(SPEECH)
        assert not call.listener.has_unanswered_voice
        await call.listener.aclose()

    @pytest.mark.asyncio
    async def test_a_voice_counts_over_the_streams_that_say_nothing_about_it(
        self, call: Call
    ) -> None:
        """A dead engine makes no caller a silent one."""
        call.listener.listen(FIRST)
        await call.say(voice(8000))
        assert any(isinstance(event, Reopened) for event in call.events)
        assert call.listener.has_unanswered_voice
        await call.listener.aclose()

    @pytest.mark.asyncio
    async def test_a_noise_counts_until_the_engine_has_ended_its_stream(self, call: Call) -> None:
        """It lives, and found no words."""
        call.listener.listen(FIRST)
        await call.say(voice(600))
        await call.quiet(8.5)
        assert call.listener.has_unanswered_voice
        call.engine.stream.end()
        await call.settle()
        assert not call.listener.has_unanswered_voice
        await call.listener.aclose()

    @pytest.mark.asyncio
    async def test_a_cough_does_not_count(self, call: Call) -> None:
        """No answer to it is due."""
        call.listener.listen(FIRST)
        await call.quiet(1)
        await call.say(voice(120))
        await call.quiet(1)
        assert not call.listener.has_unanswered_voice
        await call.listener.aclose()


class TestWakingUp:
    """A voice after a silence is heard, and so is any loud sound."""

    @pytest.mark.asyncio
    async def test_a_voice_opens_a_new_stream(self, call: Call) -> None:
        """It begins before the voice, and not with what the stream before has heard."""
        await fall_asleep(call, SPEECH)
        call.engine.stream.end()
        await call.quiet(5)
        await call.say(voice(400))
        heard = bytes(call.engine.stream.audio)
        assert len(call.engine.streams) == 2
        assert isinstance(call.events[-1], Woke)
        assert heard.startswith(audio(500))
        assert heard.endswith(voice(400))
        assert len(heard) < len(audio(1200))
        await call.report(Final("yes", None, len(heard) // 8))
        assert call.events[-1] == Final("yes", None, 600 + 3300 + 5000 + 400)

    @pytest.mark.asyncio
    async def test_a_voice_while_the_stream_settles_is_heard_after_it(self, call: Call) -> None:
        """The stream before may still end the turn; if not, the next one hears the voice."""
        await fall_asleep(call, SPEECH)
        await call.say(voice(500))
        assert len(call.engine.streams) == 1
        call.engine.stream.end()
        await call.quiet(0.1)
        assert len(call.engine.streams) == 2
        assert voice(500) in call.engine.stream.audio
        await call.listener.aclose()

    @pytest.mark.asyncio
    async def test_a_failure_after_a_sleep_replays_no_more_than_the_voice(self, call: Call) -> None:
        """The silence before is not paid for again."""
        await sleep(call)
        await call.quiet(20)
        await call.say(voice(400))
        await call.fail()
        assert isinstance(call.events[-1], Reopened)
        assert call.events[-1].replayed_ms < 1200
        await call.listener.aclose()

    @pytest.mark.asyncio
    async def test_a_call_long_asleep_is_not_rotated(self, call: Call) -> None:
        """There is no stream that could grow old, nor one that starves."""
        await fall_asleep(call, SPEECH)
        call.engine.stream.end()
        await call.quiet(400)
        assert not any(isinstance(event, Rotated | Reopened | GaveUp) for event in call.events)
        await call.listener.aclose()


class TestLoudSounds:
    """What the detector of voice takes for none may be a voice all the same."""

    @pytest.mark.asyncio
    async def test_it_opens_a_new_stream(self, call: Call) -> None:
        """As a voice does, from before its beginning."""
        await sleep(call, hiss(4000))
        await call.say(hum(600))
        assert [type(event) for event in call.events] == [Woke]
        assert call.engine.stream.audio.endswith(hum(600))
        await call.listener.aclose()

    @pytest.mark.asyncio
    async def test_it_is_sent_as_long_as_it_lasts(self, call: Call) -> None:
        """That the engine says nothing about it is no fault: it may be no voice indeed."""
        call.listener.listen(FIRST)
        await call.say(hiss(1000) + hum(20_000))
        assert call.events == []
        assert call.engine.stream.audio == hiss(1000) + hum(20_000)
        await call.listener.aclose()

    @pytest.mark.asyncio
    async def test_it_wakes_once(self, call: Call) -> None:
        """A stream in which nobody is heard ends soon, and the same sound opens no other."""
        await sleep(call, hiss(4000))
        await call.say(hum(600))
        await call.quiet(IDLE_SECONDS + 0.4)
        assert call.engine.stream.finished
        call.engine.stream.end()
        await call.quiet(20)
        assert [type(event) for event in call.events] == [Woke, Slept]
        await call.listener.aclose()

    @pytest.mark.asyncio
    async def test_it_is_not_left_to_a_stream_that_does_not_end(self, call: Call) -> None:
        """The stream that falls asleep is waited for no longer than where there is a voice."""
        call.listener.listen(FIRST)
        await call.say(hiss(3500))
        await call.say(hum(600))
        await call.quiet(SETTLE_SECONDS - 0.4)
        assert [type(event) for event in call.events] == [Slept, Woke]
        assert hum(600) in call.engine.stream.audio
        await call.listener.aclose()

    @pytest.mark.asyncio
    async def test_it_is_no_last_word_that_the_stream_has_not_heard(self, call: Call) -> None:
        """The stream that ends with the call was given all of it: no other is opened for it."""
        call.listener.listen(FIRST)
        await call.say(hiss(1000) + hum(600))
        finishing = asyncio.create_task(call.listener.finish(60))
        await call.settle()
        call.engine.stream.end()
        async with asyncio.timeout(SOON):
            await finishing
        assert len(call.engine.streams) == 1


class TestBeingAskedAnew:
    """The bot says something more while the caller is silent."""

    @pytest.mark.asyncio
    @pytest.mark.parametrize("config", [FIRST, SECOND], ids=["as before", "with other hints"])
    async def test_a_stream_is_opened_at_once(self, call: Call, config: RecognitionConfig) -> None:
        """As at the begin of a turn, without the silence."""
        await sleep(call)
        await call.quiet(10)
        call.listener.listen(config)
        assert call.engine.stream.config == config
        assert call.engine.stream.audio == audio(600)
        assert len(call.engine.streams) == 2
        await call.listener.aclose()

    @pytest.mark.asyncio
    async def test_it_is_not_ended_as_soon_as_one_that_a_noise_opened(self, call: Call) -> None:
        """The caller is given time."""
        await sleep(call)
        call.listener.listen(SECOND)
        await call.quiet(QUIET_SECONDS - 0.2)
        assert not call.engine.stream.finished
        await call.listener.aclose()

    @pytest.mark.asyncio
    async def test_a_stream_that_falls_asleep_makes_room(self, call: Call) -> None:
        """It still ends the turn where it can; when it has ended, another one is opened."""
        call.listener.listen(FIRST)
        await call.quiet(QUIET_SECONDS + 0.2)
        call.listener.listen(SECOND)
        assert len(call.engine.streams) == 1
        call.engine.stream.end()
        await call.settle()
        assert [stream.config for stream in call.engine.streams] == [FIRST, SECOND]
        await call.listener.aclose()

    @pytest.mark.asyncio
    async def test_a_stream_that_does_not_end_is_not_waited_for(self, call: Call) -> None:
        """It knows nothing, and the caller is about to answer."""
        call.listener.listen(FIRST)
        await call.quiet(QUIET_SECONDS + 0.2)
        call.listener.listen(SECOND)
        await call.quiet(SETTLE_SECONDS)
        assert [stream.config for stream in call.engine.streams] == [FIRST, SECOND]
        await call.listener.aclose()

    @pytest.mark.asyncio
    async def test_an_attempt_that_is_waited_for_is_made_when_it_is_due(self, call: Call) -> None:
        """It is a fault that leaves the caller unheard, no sleep."""
        call.listener.listen(FIRST)
        await call.fail()
        await call.fail()
        call.listener.listen(SECOND)
        assert len(call.engine.streams) == 2
        await call.quiet(0.3)
        assert call.engine.stream.config == SECOND
        assert len(call.engine.streams) == 3
        await call.listener.aclose()


class TestTheEnd:
    """The caller hangs up while nothing is open."""

    @pytest.mark.asyncio
    async def test_nothing_is_opened_for_silence(self, call: Call) -> None:
        """There are no last words."""
        await sleep(call)
        await call.quiet(5)
        async with asyncio.timeout(SOON):
            await call.listener.finish(60)
        assert len(call.engine.streams) == 1

    @pytest.mark.asyncio
    async def test_words_behind_a_settling_stream_are_heard(self, call: Call) -> None:
        """The caller spoke and hung up before the stream that falls asleep had ended."""
        await fall_asleep(call, SPEECH)
        await call.say(voice(500))
        finishing = asyncio.create_task(call.listener.finish(60))
        await call.settle()
        call.engine.stream.end()
        await call.settle()
        assert len(call.engine.streams) == 2
        assert voice(500) in call.engine.stream.audio
        assert call.engine.stream.finished
        await call.report(Final("bye", None, 900))
        call.engine.stream.end()
        async with asyncio.timeout(SOON):
            await finishing
        assert isinstance(call.events[-1], Final)

    @pytest.mark.asyncio
    async def test_a_failed_last_stream_is_mended_once(self, call: Call) -> None:
        """As on any engine."""
        call.listener.listen(FIRST)
        await call.say(voice(400))
        finishing = asyncio.create_task(call.listener.finish(60))
        await call.settle()
        await call.fail()
        await call.fail()
        async with asyncio.timeout(SOON):
            await finishing
        assert [type(event) for event in call.events] == [Reopened, GaveUp]
        assert call.events[-1] == GaveUp(DOWN)
