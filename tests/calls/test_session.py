"""A session whose surroundings fail, in a loop of its own: no socket, a scripted recognizer."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import pytest_asyncio
from django.db import OperationalError

from calls import conversation as talk
from calls import store
from calls.session import CallSession
from calls.store import OpenedStream, StreamCounts, TakenTurn
from chatbot.answers import Answer, Question
from chatbot.manner import Manner
from chatbot.script import Script, ScriptIntent, ScriptReply
from chatbot.state import State
from tests.calls.speech.spelling import SpellingRecognizer, spell
from tests.waiting import SOON

pytestmark = pytest.mark.asyncio

SCRIPT = Script(
    bot_id=1,
    version=1,
    name="test",
    language="en-US",
    voice="",
    greeting="Hi",
    fallback="Sorry?",
    no_input="There?",
    goodbye="Bye.",
    apology="Sorry, goodbye.",
    silence_seconds=8,
    intents=(ScriptIntent(1, "hello", ("hello",), (ScriptReply("Hi there."),)),),
)
OPENED = OpenedStream(
    stream_id=1, call_id=1, call_sid="CA1", stream_sid="MZ1", name="stream-1", script=SCRIPT
)


class ScriptedStore:
    """Runs no job: answers each by its name, or raises what the test set for it."""

    def __init__(self) -> None:
        self.faults: dict[str, Exception] = {}
        self.results: dict[str, Any] = {}
        self.waits: dict[str, asyncio.Event] = {}
        """What a job waits for before it is done."""
        self.calls: list[tuple[str, tuple[Any, ...]]] = []
        """The jobs that were asked for, and what each was given."""
        self._news = asyncio.Condition()

    @property
    def jobs(self) -> list[str]:
        return [name for name, _ in self.calls]

    async def ran(self, name: str) -> None:
        """Wait until a job of that name was asked for."""
        async with asyncio.timeout(SOON), self._news:
            await self._news.wait_for(lambda: name in self.jobs)

    async def run(self, job: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        async with self._news:
            self.calls.append((job.__name__, args))
            self._news.notify_all()
        if job.__name__ in self.waits:
            await self.waits[job.__name__].wait()
        if job.__name__ in self.faults:
            raise self.faults[job.__name__]
        if job is store.turn_take and "turn_take" not in self.results:
            return TakenTurn(1, Answer("Hi there.", listening=SCRIPT.listening(State())), SCRIPT)
        return self.results.get(job.__name__, False)


class ScriptedRest:
    """Takes every update, and keeps the documents."""

    def __init__(self) -> None:
        self.documents: asyncio.Queue[str] = asyncio.Queue()
        self.answers: asyncio.Event | None = None
        """What it waits for before it answers a request, which it has carried out by then."""

    async def replace(self, call_sid: str, twiml: str) -> float:
        self.documents.put_nowait(twiml)
        if self.answers is not None:
            await self.answers.wait()
        return time.monotonic()

    async def end(self, call_sid: str) -> None:
        self.documents.put_nowait("ended")


async def no_send(text: str) -> None:
    """Refuse to send: line `say` has no audio of our own."""
    raise AssertionError(text)


class Surroundings:
    """What a session is given in place of the switchboard."""

    def __init__(self) -> None:
        self.store = ScriptedStore()
        self.rest = ScriptedRest()

    def rest_of(self, account_sid: str) -> ScriptedRest:
        return self.rest

    def recognizers(self, second: str) -> list[SpellingRecognizer]:
        return [SpellingRecognizer()]

    async def heard(self) -> str:
        """Wait for the next document that the caller hears."""
        async with asyncio.timeout(SOON):
            return await self.rest.documents.get()


@pytest.fixture
def surroundings() -> Surroundings:
    return Surroundings()


@pytest_asyncio.fixture
async def session(surroundings: Surroundings) -> AsyncIterator[CallSession]:
    """A running session, ended with the test."""
    session = CallSession(OPENED, surroundings, no_send)  # type: ignore[arg-type]
    running = asyncio.create_task(session.run())
    yield session
    session.post(talk.CallEnded())
    await session.close(await running, StreamCounts(), is_lost=False)


async def test_record_of_speech_that_fails_does_not_end_the_call(
    session: CallSession, surroundings: Surroundings
) -> None:
    """It is only a note: the caller is answered all the same."""
    surroundings.store.faults["call_heard"] = OperationalError("locked")
    session.hear(spell("hello"))
    assert "Hi there." in await surroundings.heard()
    assert "call_heard" in surroundings.store.jobs


async def test_delivery_that_is_not_recorded_does_not_end_the_call(
    session: CallSession, surroundings: Surroundings
) -> None:
    """The answer went out; the next one does too."""
    surroundings.store.faults["answer_delivered"] = OperationalError("locked")
    session.hear(spell("hello"))
    assert "Hi there." in await surroundings.heard()
    session.hear(spell("hello"))
    assert "Hi there." in await surroundings.heard()


async def test_answer_that_was_the_slowest_is_compared_with_those_on_record(
    session: CallSession, surroundings: Surroundings
) -> None:
    """The first one of a session is."""
    session.hear(spell("hello"))
    await surroundings.store.ran("answer_was_slow")
    ((_, (call_id, answer_ms)),) = (
        call for call in surroundings.store.calls if call[0] == "answer_was_slow"
    )
    assert call_id == OPENED.call_id
    assert answer_ms >= 0


async def test_turn_that_cannot_be_recorded_ends_the_call_with_an_apology(
    session: CallSession, surroundings: Surroundings
) -> None:
    """Nobody is left talking to a bot that cannot answer."""
    surroundings.store.faults["turn_take"] = OperationalError("gone")
    session.hear(spell("hello"))
    assert "Sorry, goodbye." in await surroundings.heard()


async def test_goodbye_waits_for_an_answer_that_may_not_be_interrupted(
    session: CallSession, surroundings: Surroundings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The call does not count as one that should have ended meanwhile."""
    monkeypatch.setattr("calls.conversation.GRACE_SECONDS", 0.25)
    monkeypatch.setattr("calls.say_delivery.speaking_seconds", lambda text: 1.0)
    surroundings.store.results["answer_is_due"] = True
    protected = Answer("Listen.", manner=Manner(is_uninterruptible=True))
    session.post(
        talk.AnswerCorrected(talk.AnswerDecided(1, protected, 0.0, talk.Then.LISTEN)),
    )
    assert "Listen." in await surroundings.heard()
    goodbye = Answer("Bye.", "hangup")
    session.post(talk.AnswerCorrected(talk.AnswerDecided(2, goodbye, 0.0, talk.Then.END)))
    assert "Bye." in await surroundings.heard()


async def test_nobody_is_asked_for_the_answer_to_a_caller_who_is_gone(
    surroundings: Surroundings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where he hung up while it was put on record what he said."""
    monkeypatch.setattr("chatbot.answering.ask", lambda question: asyncio.Event().wait())
    question = Question("https://bot.example", {}, "rasa", 4.0, "", False, Answer(""), "")
    surroundings.store.results["turn_take"] = store.AskedTurn(2, question, State(), SCRIPT)
    recording = surroundings.store.waits["turn_take"] = asyncio.Event()
    session = CallSession(OPENED, surroundings, no_send)  # type: ignore[arg-type]
    running = asyncio.create_task(session.run())
    session.hear(spell("hello"))
    await surroundings.store.ran("turn_take")
    session.post(talk.CallEnded())
    await asyncio.sleep(0)  # now it knows
    recording.set()
    async with asyncio.timeout(SOON):
        await running
    assert "turn_conclude" not in surroundings.store.jobs


async def test_stream_that_was_replaced_is_left_without_a_word(surroundings: Surroundings) -> None:
    """The other stream answers."""
    surroundings.store.faults["turn_take"] = store.StreamReplaced()
    session = CallSession(OPENED, surroundings, no_send)  # type: ignore[arg-type]
    running = asyncio.create_task(session.run())
    session.hear(spell("hello"))
    async with asyncio.timeout(SOON):
        assert (await running).fate is talk.Fate.ELSEWHERE
    assert surroundings.rest.documents.empty()


async def test_stream_without_audio_does_not_count_as_alive(
    session: CallSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twilio sends in silence too."""
    monkeypatch.setattr("calls.caller_turns.FED_SECONDS", SOON)
    assert session.is_fed
    session._caller._fed_at -= SOON
    assert not session.is_fed
    session.hear(b"\xff" * 800)
    assert session.is_fed


async def test_sentence_of_the_staff_is_said_once(
    session: CallSession, surroundings: Surroundings
) -> None:
    """However often the session is told of it."""
    taken = TakenTurn(9, Answer("A person is with you."), SCRIPT)
    surroundings.store.results["staff_turn_read"] = taken
    session.say_for_staff(9)
    session.say_for_staff(9)
    assert "A person is with you." in await surroundings.heard()
    session.hear(spell("hello"))
    assert "Hi there." in await surroundings.heard()
    assert surroundings.store.jobs.count("staff_turn_read") == 1


async def test_sentence_of_the_staff_that_could_not_be_read_is_said_when_it_is_told_again(
    session: CallSession, surroundings: Surroundings
) -> None:
    """The switchboard tells of it as long as it is unsaid on record."""
    surroundings.store.faults["staff_turn_read"] = OperationalError("locked")
    session.say_for_staff(9)
    await surroundings.store.ran("staff_turn_read")
    del surroundings.store.faults["staff_turn_read"]
    taken = TakenTurn(9, Answer("A person is with you."), SCRIPT)
    surroundings.store.results["staff_turn_read"] = taken
    session.say_for_staff(9)
    assert "A person is with you." in await surroundings.heard()


async def test_sentence_of_the_staff_that_was_said_elsewhere_is_not_said_again(
    session: CallSession, surroundings: Surroundings
) -> None:
    """The call has asked what to do meanwhile, and was told it."""
    surroundings.store.results["staff_turn_read"] = None
    session.say_for_staff(9)
    await surroundings.store.ran("staff_turn_read")
    session.hear(spell("hello"))
    assert "Hi there." in await surroundings.heard()


async def test_session_catches_up_with_the_staff(
    session: CallSession, surroundings: Surroundings
) -> None:
    """What was written before the session could be told is said, once."""
    surroundings.store.results["staff_turns_due"] = [9]
    taken = TakenTurn(9, Answer("A person is with you."), SCRIPT)
    surroundings.store.results["staff_turn_read"] = taken
    session.catch_up()
    assert "A person is with you." in await surroundings.heard()
    session.say_for_staff(9)
    assert surroundings.store.jobs.count("staff_turn_read") == 1
