"""A whole conversation, spoken into a real browser and heard by a real recognizer."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from calls.models import Call, Turn
from chatbot.models import Bot
from tests.browser.conftest import Open
from tests.browser.phone.conftest import FAKE_DEVICE, PHONE, WILLING, Launch, call, state, talks
from tests.browser.phone.fake_microphone import write_recording
from tests.calls.phone.servers import StartServer
from tests.server import Server

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; media-src 'self' blob:; worker-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
TAKES_ROUTED_PAGES = "--disable-features=LocalNetworkAccessChecks"
"""A page whose headers a test has changed seems to come from elsewhere, and may not connect."""


@pytest.fixture(scope="package")
def hearing_server(start_server: StartServer) -> Server:
    """A server as `make run` starts it: real recognition, and the phone on because DEBUG is."""
    return start_server(PHONE="", DEBUG="true", RECOGNIZER="offline")


def under_policy(route: Route) -> None:
    """Have a page keep to the strictest policy that it is to work under."""
    answer = route.fetch()
    route.fulfill(response=answer, headers={**answer.headers, "content-security-policy": POLICY})


@pytest.fixture
def converse(
    open_page: Open, launch: Launch, hearing_server: Server, tmp_path: Path
) -> Callable[..., None]:
    """Hold a call in which recordings are spoken, until the bot has hung up."""

    def speak(*names: str) -> None:
        # From its end the file begins anew: what the recognizer misses is said again.
        file = write_recording(tmp_path / "caller.wav", names, before=5, after=4)
        recording = f"--use-file-for-fake-audio-capture={file}"
        caller = launch(FAKE_DEVICE, WILLING, TAKES_ROUTED_PAGES, recording)
        page = open_page(PHONE, at=hearing_server.url, browser=caller)
        page.route(f"**{PHONE}", under_policy)
        page.reload()
        call(page)
        talks(page)
        over = "The call is over: the bot hung up."
        expect(state(page)).to_have_text(over, timeout=120_000)

    return speak


def said_by(role: str) -> list[str]:
    turns = Turn.objects.filter(role=role).order_by("number")
    return list(turns.values_list("text", flat=True))


def test_conversation_by_voice_to_the_goodbye(bot: Bot, converse: Callable[..., None]) -> None:
    """Heard, answered, and hung up at the goodbye, on a page under a strict policy."""
    converse("hello", "good", "hello", "good", "weather", "goodbye")
    assert {"hello", "good", "goodbye"} <= set(said_by("caller"))
    said = said_by("bot")
    assert said[0] == "How can I help you?"
    assert {"Hi, how are you?", "Nice, I am happy for you."} <= set(said)
    assert said[-1] == "Nice talking to you."
    assert Call.objects.get().outcome == Call.Outcome.BOT_HUNG_UP


def test_conversation_in_audio_of_our_own(bot: Bot, converse: Callable[..., None]) -> None:
    """The same where nothing is left to the browser's voice."""
    bot.line = Bot.Line.STREAM
    bot.save()
    converse("hello", "goodbye")
    assert said_by("bot")[-1] == "Nice talking to you."
    call = Call.objects.get()
    assert (call.line, call.outcome) == (Call.Line.STREAM, Call.Outcome.BOT_HUNG_UP)
