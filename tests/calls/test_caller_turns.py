"""From sound and keys to turns, with a scripted recognizer and little patience."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio

from calls import conversation as talk
from calls.caller_turns import CallerTurns
from calls.speech.events import Final, Interim, SpeechStarted
from calls.speech.recognizer import RecognitionConfig
from chatbot.manner import Manner
from chatbot.script import Script, ScriptIntent, ScriptReply
from tests.calls.speech.listening import voice
from tests.calls.speech.scripted import ScriptedRecognizer
from tests.calls.test_session import SCRIPT
from tests.waiting import SOON

pytestmark = pytest.mark.asyncio

SILENCE = 0.05
LATER = 0.2
"""When something happens, in seconds, that comes too late for a caller who counts as silent."""


class Caller:
    """One caller; `turns` is what hears him, `engine` what the recognizer makes of it."""

    def __init__(self, script: Script = SCRIPT, *, is_metered: bool = False) -> None:
        self.engine = ScriptedRecognizer(has_interims=False, is_metered=is_metered)
        self.events: asyncio.Queue[talk.Event] = asyncio.Queue()
        self.told: list[str] = []
        self.turns = CallerTurns(
            [self.engine],
            script,
            None,
            post=self.events.put_nowait,
            note=lambda event: None,
            tell=self.told.append,
        )
        self.turns.listen(RecognitionConfig("en-US"), script, None)

    async def until(self, kind: type) -> list[talk.Event]:
        """Return what is posted up to the first event of a kind."""
        posted: list[talk.Event] = []
        async with asyncio.timeout(SOON):
            while not (posted and isinstance(posted[-1], kind)):
                posted.append(await self.events.get())
        return posted


@pytest_asyncio.fixture
async def caller() -> AsyncIterator[Caller]:
    caller = Caller()
    yield caller
    await caller.turns.aclose()


async def test_caller_who_says_nothing_is_silent(caller: Caller) -> None:
    """After as long as the bot waits."""
    caller.turns.expect_speech(SILENCE)
    assert await caller.until(talk.SilenceElapsed) == [talk.SilenceElapsed()]


async def test_caller_who_speaks_when_it_becomes_his_turn_is_not_silent(caller: Caller) -> None:
    """Engines may report no more of him than the begin."""
    caller.engine.stream.report(SpeechStarted(0))
    await caller.until(talk.SpeechHeard)
    caller.turns.expect_speech(SILENCE)
    final = Final("hello", 0.9, 0)
    asyncio.get_running_loop().call_later(LATER, caller.engine.stream.report, final)
    assert talk.SilenceElapsed() not in await caller.until(talk.UtteranceHeard)


async def test_begin_of_speech_is_told_before_any_word_is_known(caller: Caller) -> None:
    """Engines may report no words before the end."""
    caller.engine.stream.report(SpeechStarted(0))
    await caller.until(talk.SpeechHeard)
    assert caller.told == [""]


async def test_caller_whom_a_deaf_recognizer_does_not_hear_is_not_silent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """His voice is noted, and he is not asked whether he is there before it is answered."""
    monkeypatch.setattr("calls.caller_turns.SPEECH_NOTE_SECONDS", SILENCE)
    caller = Caller(is_metered=True)
    caller.turns.expect_speech(SILENCE)
    caller.turns.hear(voice(600))
    assert await caller.until(talk.VoiceUnanswered) == [talk.VoiceUnanswered()]
    final = Final("", None, 600)
    asyncio.get_running_loop().call_later(LATER, caller.engine.stream.report, final)
    assert talk.SilenceElapsed() not in await caller.until(talk.UtteranceHeard)
    assert talk.SilenceElapsed() in await caller.until(talk.SilenceElapsed)
    await caller.turns.aclose()


@pytest.mark.parametrize("is_his_turn", [False, True])
async def test_caller_who_presses_keys_is_not_silent(
    caller: Caller, monkeypatch: pytest.MonkeyPatch, *, is_his_turn: bool
) -> None:
    """He is not asked whether he is there while he looks for the next key."""
    monkeypatch.setattr("calls.keypad.PAUSE_SECONDS", LATER)
    if is_his_turn:
        caller.turns.expect_speech(SILENCE)
    caller.turns.press("4")
    if not is_his_turn:
        caller.turns.expect_speech(SILENCE)
    assert talk.SilenceElapsed() not in await caller.until(talk.UtteranceHeard)


async def test_key_is_noted_as_a_sign_of_the_caller(caller: Caller) -> None:
    """Who asks the record whether he is silent is told that he is not."""
    caller.turns.press("4")
    assert await caller.until(talk.SpeechHeard) == [talk.SpeechHeard()]


@pytest.mark.parametrize("is_uninterruptible", [False, True])
async def test_reply_that_may_not_be_interrupted_is_no_early_answer(
    monkeypatch: pytest.MonkeyPatch, *, is_uninterruptible: bool
) -> None:
    """It could not be taken back: the caller would hear out the wrong one."""
    monkeypatch.setattr("calls.turn_taking.STABLE_SECONDS", SILENCE)
    reply = ScriptReply("Hi there.", manner=Manner(is_uninterruptible=is_uninterruptible))
    intent = ScriptIntent(1, "hello", ("hello",), (reply,))
    caller = Caller(replace(SCRIPT, intents=(intent,), answers_early=True))
    caller.engine.stream.report(Interim("hello"))
    await caller.until(talk.SpeechHeard)  # from now on it is waited for the words to be stable
    final = Final("hello", 0.9, 0)
    asyncio.get_running_loop().call_later(LATER, caller.engine.stream.report, final)
    heard = (await caller.until(talk.UtteranceHeard))[-1]
    assert isinstance(heard, talk.UtteranceHeard)
    assert heard.is_early is not is_uninterruptible
    await caller.turns.aclose()


@pytest.mark.parametrize("repeats", [(Interim("hello"),), (SpeechStarted(0), Interim("hello"))])
async def test_early_answer_is_not_interrupted_by_its_own_words(
    monkeypatch: pytest.MonkeyPatch, repeats: tuple[Interim | SpeechStarted, ...]
) -> None:
    """Engines report them several times, and a stream that is replaced hears them once more."""
    monkeypatch.setattr("calls.turn_taking.STABLE_SECONDS", SILENCE)
    monkeypatch.setattr("calls.turn_taking.FORGET_SECONDS", SOON)
    intent = ScriptIntent(1, "hello", ("hello",), (ScriptReply("Hi there."),))
    caller = Caller(replace(SCRIPT, intents=(intent,), answers_early=True))
    caller.engine.stream.report(Interim("hello"))
    await caller.until(talk.UtteranceHeard)
    for event in repeats:
        caller.engine.stream.report(event)
    caller.engine.stream.report(Interim("hello my friend"))
    assert await caller.until(talk.SpeechHeard) == [talk.SpeechHeard(words=2)]
    await caller.turns.aclose()
