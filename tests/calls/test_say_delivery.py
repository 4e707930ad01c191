"""Answers that Twilio speaks: in their order, each once, and none for a stream that is gone."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from calls import conversation as talk
from calls.models import Turn
from calls.say_delivery import SayDelivery
from calls.twilio.say_line import SayLine
from chatbot.answers import Answer
from chatbot.manner import Manner
from tests.calls.test_session import SCRIPT, ScriptedRest, ScriptedStore
from tests.waiting import SOON

pytestmark = pytest.mark.asyncio

SPOKEN = 0.2
"""How long every answer is taken to be spoken, in seconds."""


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have an answer be spoken until the next one has waited for it, whatever the clock says."""
    monkeypatch.setattr("calls.say_delivery.speaking_seconds", lambda text: SPOKEN)
    monkeypatch.setattr("calls.say_delivery.time", SimpleNamespace(monotonic=lambda: 1000.0))


class Line:
    """The delivery of one call, and what comes of it."""

    def __init__(self) -> None:
        self.store = ScriptedStore()
        self.store.results["answer_is_due"] = True
        self.rest = ScriptedRest()
        self.events: list[talk.Event] = []
        line = SayLine("CA1", "stream-1", self.rest)  # type: ignore[arg-type]
        self.delivery = SayDelivery(1, line, self.store, self.events.append)  # type: ignore[arg-type]

    def deliver(
        self, turn_id: int, *, is_protected: bool = False, then: talk.Then = talk.Then.LISTEN
    ) -> "asyncio.Task[bool]":
        answer = Answer(f"Answer {turn_id}.", manner=Manner(is_uninterruptible=is_protected))
        decided = talk.AnswerDecided(turn_id, answer, 0.0, then)
        return asyncio.create_task(self.delivery.deliver(SCRIPT, decided))

    def delivered(self) -> dict[Any, Any]:
        """Return the delivery of each turn on record, by its number."""
        return {args[0]: args[1] for name, args in self.store.calls if name == "answer_delivered"}


@pytest.fixture
def line() -> Line:
    return Line()


async def test_answer_waits_for_one_that_may_not_be_interrupted(line: Line) -> None:
    """As long as that takes."""
    loop = asyncio.get_running_loop()
    assert await line.deliver(1, is_protected=True)
    sent_at = loop.time()
    assert await line.deliver(2)
    assert loop.time() - sent_at >= SPOKEN * 0.9
    assert line.rest.documents.qsize() == 2


async def test_answer_that_the_call_was_told_while_it_waited_is_not_said_again(line: Line) -> None:
    """Twilio may speak faster than is reckoned, and then asks."""
    await line.deliver(1, is_protected=True)
    line.store.results["answer_is_due"] = False
    assert not await line.deliver(2)
    assert line.rest.documents.qsize() == 1
    assert line.events[-1] == talk.AnswerSent(2, SPOKEN)


async def test_none_of_the_answers_that_wait_is_sent_once_the_stream_is_gone(line: Line) -> None:
    """Each stays unsaid on record, at once."""
    await line.deliver(1, is_protected=True)
    line.delivery._protected_until += 60
    waiting = [line.deliver(2), line.deliver(3)]
    await asyncio.sleep(0)  # both have begun
    line.delivery.lose()
    async with asyncio.timeout(SOON):
        await asyncio.wait([*waiting, line.deliver(4)])
    assert line.rest.documents.qsize() == 1
    assert line.delivered() == {
        1: Turn.Delivery.SENT,
        2: Turn.Delivery.FAILED,
        3: Turn.Delivery.FAILED,
        4: Turn.Delivery.FAILED,
    }


@pytest.mark.parametrize(
    ("then", "delivery"),
    [(talk.Then.TRANSFER, Turn.Delivery.SENT), (talk.Then.LISTEN, Turn.Delivery.FAILED)],
)
async def test_transfer_takes_the_stream_along_before_twilio_answers(
    line: Line, then: talk.Then, delivery: Turn.Delivery
) -> None:
    """So it is no answer that was not sent, as any other would be."""
    line.rest.answers = asyncio.Event()
    sending = line.deliver(1, then=then)
    async with asyncio.timeout(SOON):
        await line.rest.documents.get()
        line.delivery.lose()
        await asyncio.sleep(0)  # what was cancelled ends
        line.rest.answers.set()
        await asyncio.wait([sending])
    assert line.delivered() == {1: delivery}


async def test_transfer_that_waits_for_its_time_is_not_sent_any_more(line: Line) -> None:
    """The stream is gone for another reason."""
    await line.deliver(1, is_protected=True)
    line.delivery._protected_until += 60
    waiting = line.deliver(2, then=talk.Then.TRANSFER)
    await asyncio.sleep(0)  # it has begun
    line.delivery.lose()
    async with asyncio.timeout(SOON):
        await asyncio.wait([waiting])
    assert line.delivered()[2] == Turn.Delivery.FAILED


async def test_record_of_an_answer_that_was_sent_is_not_broken_off(line: Line) -> None:
    """The session may be left as soon as Twilio has taken the answer."""
    recording = asyncio.Event()
    line.store.waits["answer_delivered"] = recording
    delivery = line.deliver(1)
    await line.store.ran("answer_delivered")
    line.delivery.lose()
    recording.set()
    assert await delivery


async def test_answer_that_went_out_is_announced(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To whoever watches the call, once it is on record."""
    told: list[int] = []
    monkeypatch.setattr("calls.live.changes.announce", told.append)
    await line.deliver(1)
    assert told == [1]
    assert line.delivered() == {1: Turn.Delivery.SENT}


async def test_answer_to_nothing_that_was_said_took_no_time(line: Line) -> None:
    """What a member of the staff has said waits for no transcript."""
    await line.deliver(1)
    ((_, (*_, answer_ms)),) = (call for call in line.store.calls if call[0] == "answer_delivered")
    assert answer_ms is None
