"""A session whose surroundings fail, in a loop of its own: no socket, a scripted recognizer."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import pytest_asyncio
from django.db import OperationalError

from calls import conversation as talk
from calls import store
from calls.session import CallSession
from calls.store import OpenedStream, StreamCounts, TakenTurn
from chatbot.answers import Answer
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
        self.jobs: list[str] = []
        self._news = asyncio.Condition()

    async def ran(self, name: str) -> None:
        """Wait until a job of that name was asked for."""
        async with asyncio.timeout(SOON), self._news:
            await self._news.wait_for(lambda: name in self.jobs)

    async def run(self, job: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        async with self._news:
            self.jobs.append(job.__name__)
            self._news.notify_all()
        if job.__name__ in self.faults:
            raise self.faults[job.__name__]
        if job is store.turn_take:
            return TakenTurn(1, Answer("Hi there.", listening=SCRIPT.listening(State())), SCRIPT)
        return False


class ScriptedRest:
    """Takes every update, and keeps the documents."""

    def __init__(self) -> None:
        self.documents: asyncio.Queue[str] = asyncio.Queue()

    async def replace(self, call_sid: str, twiml: str) -> float:
        self.documents.put_nowait(twiml)
        return 0.0


async def no_send(text: str) -> None:
    """Refuse to send: line `say` has no audio of our own."""
    raise AssertionError(text)


class Surroundings:
    """What a session is given in place of the switchboard."""

    def __init__(self) -> None:
        self.store = ScriptedStore()
        self.rest = ScriptedRest()

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
    await session.close(await running, StreamCounts())


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


async def test_turn_that_cannot_be_recorded_ends_the_call_with_an_apology(
    session: CallSession, surroundings: Surroundings
) -> None:
    """Nobody is left talking to a bot that cannot answer."""
    surroundings.store.faults["turn_take"] = OperationalError("gone")
    session.hear(spell("hello"))
    assert "Sorry, goodbye." in await surroundings.heard()


async def test_stream_that_was_replaced_is_left_without_a_word(
    session: CallSession, surroundings: Surroundings
) -> None:
    """The other stream answers."""
    surroundings.store.faults["turn_take"] = store.StreamReplaced()
    session.hear(spell("hello"))
    await surroundings.store.ran("turn_take")
    assert surroundings.rest.documents.empty()


async def test_stream_without_audio_does_not_count_as_alive(session: CallSession) -> None:
    """Twilio sends in silence too."""
    assert session.is_fed
    session._caller._fed_at -= 10
    assert not session.is_fed
    session.hear(b"\xff" * 800)
    assert session.is_fed
