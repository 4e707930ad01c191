"""A session that speaks with audio of its own, and whose surroundings fail."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from calls import conversation as talk
from calls import store
from calls.models import Turn
from calls.session import CallSession
from calls.switchboard import Switchboard
from calls.twilio.media_stream import mark_message
from chatbot.answers import Answer
from chatbot.manner import Manner
from chatbot.script import Script
from tests.calls.test_session import OPENED, ScriptedStore, Surroundings
from tests.waiting import SOON

pytestmark = pytest.mark.asyncio


class SpeakingSurroundings(Surroundings):
    """Has a second of audio for every text, and a socket; a test says when marks come back."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: asyncio.Queue[str] = asyncio.Queue()

    async def speak(self, script: Script, text: str, manner: Manner) -> AsyncIterator[bytes]:
        yield b"\x7f" * 8000

    async def send(self, frame: str) -> None:
        self.sent.put_nowait(frame)

    async def until(self, frame: str) -> None:
        """Wait until a frame was sent."""
        async with asyncio.timeout(SOON):
            while await self.sent.get() != frame:
                pass


@pytest.fixture
def surroundings() -> SpeakingSurroundings:
    return SpeakingSurroundings()


async def left(session: CallSession) -> talk.Leave:
    """Run a session to its end."""
    async with asyncio.timeout(SOON):
        return await session.run()


def session_with(surroundings: SpeakingSurroundings, *pending: store.TakenTurn) -> CallSession:
    return CallSession(
        replace(OPENED, streams=True, pending=pending),
        surroundings,  # type: ignore[arg-type]
        surroundings.send,
    )


def pending(text: str, action: str = "") -> store.TakenTurn:
    return store.TakenTurn(7, Answer(text, action), OPENED.script)


async def test_answer_that_was_not_begun_when_the_stream_was_lost_stays_unsaid(
    surroundings: SpeakingSurroundings,
) -> None:
    """It is not played to a socket that is gone, nor put on record as heard."""
    session = session_with(surroundings)
    running = asyncio.create_task(left(session))
    await asyncio.sleep(0)  # now it listens
    answer = talk.AnswerDecided(7, Answer("Hi there."), 0.0, talk.Then.LISTEN)
    session.post(talk.AnswerCorrected(answer))
    session.post(talk.StreamEnded("gone"))
    assert (await running).fate is talk.Fate.UNKNOWN
    assert surroundings.sent.empty()
    ((_, heard),) = (call for call in surroundings.store.calls if call[0] == "answer_heard")
    assert heard[-1] == Turn.Delivery.PENDING


async def test_answer_whose_record_fails_is_followed_all_the_same(
    surroundings: SpeakingSurroundings,
) -> None:
    """The line does not stay open behind a goodbye that was heard."""
    surroundings.store.faults["answer_heard"] = OperationalError("locked")
    session = session_with(surroundings, pending("Bye.", "hangup"))
    running = asyncio.create_task(left(session))
    await surroundings.until(mark_message("MZ1", "played-1"))
    session.mark("played-1")
    assert await running == talk.Leave("the bot ended the call", talk.Fate.ONWARD)


async def test_answer_that_breaks_does_not_leave_the_caller_in_silence(
    surroundings: SpeakingSurroundings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever broke, the call asks what to do."""

    def broken(*args: object) -> AsyncIterator[bytes]:
        raise LookupError

    monkeypatch.setattr(surroundings, "speak", broken)
    leave = await left(session_with(surroundings, pending("Hi there.")))
    assert leave.fate is talk.Fate.ONWARD


async def test_answer_goes_to_the_telephone_service_where_no_synthesizer_is_there_any_more(
    surroundings: SpeakingSurroundings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process had one when the call came in."""
    switchboard = Switchboard(ScriptedStore(), None, None)  # type: ignore[arg-type]
    monkeypatch.setattr(surroundings, "speak", switchboard.speak)
    leave = await left(session_with(surroundings, pending("Hi there.")))
    assert leave == talk.Leave("the answer could not be spoken", talk.Fate.ONWARD)
    assert "call_mute" in surroundings.store.jobs


async def test_call_that_takes_too_long_ends_though_no_turn_does(
    surroundings: SpeakingSurroundings,
) -> None:
    """A television that talks on and on is heard without end."""
    limit = store.TakenTurn(7, Answer("That was long.", "hangup"), OPENED.script)
    surroundings.store.results["silence_take"] = limit
    long_ago = timezone.now() - timedelta(minutes=OPENED.script.max_minutes)
    session = CallSession(
        replace(OPENED, streams=True, began=long_ago),
        surroundings,  # type: ignore[arg-type]
        surroundings.send,
    )
    running = asyncio.create_task(left(session))
    await surroundings.until(mark_message("MZ1", "played-1"))
    session.mark("played-1")
    assert await running == talk.Leave("the bot ended the call", talk.Fate.ONWARD)


async def test_answer_that_was_heard_is_announced(
    surroundings: SpeakingSurroundings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To whoever watches the call."""
    told: list[int] = []
    monkeypatch.setattr("calls.live.changes.announce", told.append)
    session = session_with(surroundings, pending("Bye.", "hangup"))
    running = asyncio.create_task(left(session))
    await surroundings.until(mark_message("MZ1", "played-1"))
    session.mark("played-1")
    await running
    assert told == [OPENED.call_id]
