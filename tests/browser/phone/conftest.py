"""The phone in a real browser, whose microphone hears a file."""

import time
from collections.abc import Callable, Iterator

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser, Locator, Page, WebSocket, expect

from chatbot.models import Bot
from tests.browser.conftest import ARGUMENTS, CHROMIUM, Open
from tests.browser.phone.fake_microphone import write_recording
from tests.calls.phone.servers import StartServer, phone_servers
from tests.server import Server
from tests.waiting import SOON

FAKE_DEVICE = "--use-fake-device-for-media-stream"
WILLING = "--use-fake-ui-for-media-stream"
PHONE = "/phone/"

Launch = Callable[..., Browser]


@pytest.fixture(scope="package")
def start_server(
    django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[StartServer]:
    with phone_servers(tmp_path_factory.mktemp("phone-servers")) as start:
        yield start


@pytest.fixture(scope="package")
def shared_server(start_server: StartServer) -> Server:
    """One server for all tests that leave it as they found it."""
    return start_server()


@pytest.fixture(scope="package")
def launch(chromium: Browser) -> Iterator[Launch]:
    """Start browsers with arguments of their own."""
    browsers = []

    def start(*arguments: str) -> Browser:
        browser = chromium.browser_type.launch(
            executable_path=CHROMIUM, args=[*ARGUMENTS, *arguments]
        )
        browsers.append(browser)
        return browser

    yield start
    for browser in browsers:
        browser.close()


@pytest.fixture(scope="package")
def quiet(launch: Launch, tmp_path_factory: pytest.TempPathFactory) -> Browser:
    """A browser in whose room nobody speaks."""
    file = write_recording(tmp_path_factory.mktemp("quiet") / "quiet.wav", [], before=5, after=0)
    return launch(FAKE_DEVICE, WILLING, f"--use-file-for-fake-audio-capture={file}")


@pytest.fixture
def bot(transactional_db: None) -> Bot:
    call_command("create_starter_bot", verbosity=0)
    return Bot.objects.get()


@pytest.fixture
def phone(open_page: Open, quiet: Browser, bot: Bot, shared_server: Server) -> Page:
    """The page, in a room in which nobody speaks."""
    return open_page(PHONE, at=shared_server.url, browser=quiet)


def call(page: Page) -> None:
    page.get_by_role("button", name="Call", exact=True).click()


def hang_up(page: Page) -> None:
    page.get_by_role("button", name="Hang up").click()
    expect(state(page)).to_contain_text("The call is over: the caller hung up.")


def state(page: Page) -> Locator:
    return page.locator(".phone-state")


def talks(page: Page) -> None:
    """Wait until the bot has greeted, and listens."""
    expect(state(page)).to_have_text("The bot listens. Speak!")


def until(page: Page, condition: str) -> None:
    """Wait for something that only the page's scripts know."""
    deadline = time.monotonic() + SOON
    while not page.evaluate(condition):
        assert time.monotonic() < deadline, condition
        page.wait_for_timeout(50)


def watch_line(page: Page) -> list[str | bytes]:
    """Note what the page sends on its line."""
    sent: list[str | bytes] = []

    def watch(socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: sent.append(frame))

    page.on("websocket", watch)
    return sent


def sounds(sent: list[str | bytes]) -> list[bytes]:
    """Return the frames of sound among what the page sent."""
    return [frame for frame in sent if isinstance(frame, bytes)]


def sound_is_sent(page: Page, sent: list[str | bytes]) -> None:
    """Wait until the page sends sound, from now on."""
    before = len(sounds(sent))
    deadline = time.monotonic() + SOON
    while len(sounds(sent)) == before:
        assert time.monotonic() < deadline, "the page sends no sound"
        page.wait_for_timeout(50)
