"""A call that is held while somebody watches it and takes part, with a simulated caller."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from threading import Thread
from typing import Any, TypeVar

import pytest
from django.core.management import call_command
from django.urls import reverse
from playwright.sync_api import expect

from calls.models import Call
from calls.simulator import SimulatedCall
from tests.browser.conftest import PATIENCE_MS, Open, member_of
from tests.calls.by_phone.conftest import Phone, listening, start_server
from tests.calls.speech.spelling import spell, spell_early, spell_rest

__all__ = ["start_server"]

pytestmark = pytest.mark.channel_layer

T = TypeVar("T")
SOON = PATIENCE_MS / 1000


class Elsewhere:
    """An event loop in a thread of its own, where the telephone is: the browser holds this one."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Wait for what is done there."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(SOON * 2)

    def close(self) -> None:
        """End the thread."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    loop = Elsewhere()
    yield loop
    loop.close()


@pytest.fixture(scope="module")
def served(start_server: Callable[..., Phone]) -> Phone:
    """One server for the tests of this file."""
    return start_server()


@pytest.fixture
def phone(transactional_db: None, served: Phone) -> Phone:
    """A number that the starter bot answers."""
    call_command("create_starter_bot", verbosity=0)
    return served


@pytest.fixture
def call(phone: Phone, elsewhere: Elsewhere) -> Iterator[SimulatedCall]:
    """A call that was greeted, and whose caller is heard."""
    twilio = phone.twilio()
    calls = elsewhere.run(twilio.__aenter__())

    async def place() -> SimulatedCall:
        call = await phone.ring(calls)
        await call.next_said(SOON)
        await listening(call)
        return call

    yield elsewhere.run(place())
    elsewhere.run(twilio.__aexit__(None, None, None))


def test_conversation_grows_as_it_is_held(
    open_page: Open, phone: Phone, call: SimulatedCall, elsewhere: Elsewhere
) -> None:
    """What the caller is saying, what he said, and the answer; then the end."""
    page = open_page(reverse("admin:calls_call_now"), at=phone.url)
    page.get_by_role("link", name="Call of").click()
    expect(page.locator(".live-status")).to_contain_text("Live:")
    expect(page.locator(".call-ending")).to_have_text("Not yet: in progress")
    expect(page.locator(".call-misses")).to_have_text("Never")
    elsewhere.run(call.say(spell_early("what is")))
    expect(page.locator(".turn.interim")).to_have_text("what is")
    elsewhere.run(call.say(spell_rest("what is the weather")))
    texts = page.locator("ol.turns > li.turn:visible .turn-text")
    expect(texts).to_have_count(3)
    expect(texts.nth(1)).to_have_text("what is the weather")
    expect(page.locator(".turn.interim")).to_be_hidden()
    elsewhere.run(call.say(spell_early("")))
    expect(page.locator(".turn.interim")).to_have_text("The caller is speaking …")
    elsewhere.run(call.say(spell_rest("what is the time")))
    expect(texts).to_have_count(5)
    expect(page.locator(".call-misses")).to_have_text("2 times")
    expect(page.locator(".call-slowest")).to_contain_text(" ms")
    expect(page.locator(".turn.interim")).to_be_hidden()
    elsewhere.run(call.say(spell("goodbye")))
    ending = "The call is over: the bot said goodbye and hung up."
    expect(page.locator(".live-status")).to_have_text(ending)
    expect(texts).to_have_count(7)


def test_operator_speaks_and_hangs_up(
    open_page: Open, phone: Phone, call: SimulatedCall, elsewhere: Elsewhere
) -> None:
    """The caller hears the one, and is gone by the other."""
    path = reverse("admin:calls_call_change", args=[Call.objects.get().pk])
    page = open_page(path, member_of("Operator"), at=phone.url)
    page.get_by_label("Say to the caller").fill("A person is with you.")
    page.get_by_role("button", name="Say it now").dblclick()
    said = elsewhere.run(call.next_said(SOON))
    assert said.text == "A person is with you."
    expect(page.locator("#turn-2")).to_contain_text("from operator")
    page.get_by_text("Hang up", exact=True).click()
    page.get_by_role("button", name="Hang up now").click()
    elsewhere.run(call.ended(SOON))
    ending = "The call is over: a member of the staff hung up."
    expect(page.locator(".live-status")).to_have_text(ending)
    expect(page.locator("ol.turns .turn:visible")).to_have_count(2)
