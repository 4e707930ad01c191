"""A whole conversation, spoken into a real browser and heard by a real recognizer."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from calls.models import Call, Turn
from chatbot.models import Bot
from tests.browser.conftest import Open
from tests.browser.phone.conftest import FAKE_DEVICE, PHONE, WILLING, Launch, call, state, talks
from tests.browser.phone.fake_microphone import write_recording
from tests.calls.phone.servers import StartServer
from tests.server import Server

pytestmark = pytest.mark.channel_layer

NOW = reverse("admin:calls_call_now")
ANY_ANSWER = re.compile("Hi, how are you|Nice, I am happy|did not understand|Nice talking")


@pytest.fixture(scope="package")
def hearing_server(start_server: StartServer) -> Server:
    """A server as `make run` starts it: real recognition, and the phone on because DEBUG is."""
    return start_server(PHONE="", DEBUG="true", RECOGNIZER="offline")


@pytest.fixture
def converse(
    open_page: Open, launch: Launch, hearing_server: Server, tmp_path: Path
) -> Callable[..., Page]:
    """Hold a call in which recordings are spoken, until the bot has hung up.

    In another tab of the same browser the running calls are watched meanwhile.
    """

    def speak(*names: str) -> Page:
        # From its end the file begins anew: what the recognizer misses is said again.
        file = write_recording(tmp_path / "caller.wav", names, before=5, after=4)
        recording = f"--use-file-for-fake-audio-capture={file}"
        caller = launch(FAKE_DEVICE, WILLING, recording)
        page = open_page(PHONE, at=hearing_server.url, browser=caller)
        watching = page.context.new_page()
        watching.goto(f"{hearing_server.url}{NOW}")
        expect(watching.get_by_text("No calls are running.")).to_be_visible()
        page.bring_to_front()
        call(page)
        talks(page)
        expect(watching.get_by_text("1 call is running.")).to_be_visible()
        expect(watching.get_by_text("How can I help you?")).to_be_visible()
        expect(watching.get_by_text(ANY_ANSWER)).to_be_visible(timeout=120_000)
        over = "The call is over: the bot hung up."
        expect(state(page)).to_have_text(over, timeout=120_000)
        expect(watching.get_by_text("No calls are running.")).to_be_visible()
        return page

    return speak


def said_by(role: str) -> list[str]:
    turns = Turn.objects.filter(role=role).order_by("number")
    return list(turns.values_list("text", flat=True))


def test_conversation_by_voice_to_the_goodbye(bot: Bot, converse: Callable[..., Page]) -> None:
    """Heard, answered, shown as it is held, and hung up at the goodbye."""
    page = converse("hello", "good", "hello", "good", "weather", "goodbye")
    answers = {"hello": "Hi, how are you?", "good": "Nice, I am happy for you."}
    # The recognizer may miss a word of a few; that is its business, and measured elsewhere.
    heard = [text for text in said_by("caller") if text in answers]
    said = said_by("bot")
    assert heard
    assert said[0] == "How can I help you?"
    assert {answers[text] for text in heard} <= set(said)
    assert said_by("caller")[-1] in {"goodbye", "bye"}
    assert said[-1] == "Nice talking to you."
    assert Call.objects.get().outcome == Call.Outcome.BOT_HUNG_UP
    for shown in (*said, f"meant {heard[0]} by “{heard[0]}”"):
        expect(page.locator(".turns")).to_contain_text(shown)


def test_conversation_in_audio_of_our_own(bot: Bot, converse: Callable[..., Page]) -> None:
    """The same where nothing is left to the browser's voice."""
    bot.line = Bot.Line.STREAM
    bot.save()
    converse("hello", "goodbye")
    assert said_by("bot")[-1] == "Nice talking to you."
    call = Call.objects.get()
    assert (call.line, call.outcome) == (Call.Line.STREAM, Call.Outcome.BOT_HUNG_UP)
