"""The phone in a real browser, whose microphone hears a file."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser, Locator, Page, Route, WebSocket, expect

from calls.models import Call, Turn
from chatbot.models import Bot, Reprompt
from tests.browser.conftest import ARGUMENTS, CHROMIUM, Open, member_of, overflows
from tests.browser.fake_microphone import write_recording
from tests.calls.phone.servers import StartServer, phone_servers
from tests.server import Server

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; media-src 'self' blob:; worker-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
FAKE_DEVICE = "--use-fake-device-for-media-stream"
WILLING = "--use-fake-ui-for-media-stream"
TAKES_ROUTED_PAGES = "--disable-features=LocalNetworkAccessChecks"
"""A page whose headers a test has changed seems to come from elsewhere, and may not connect."""

PHONE = "/phone/"

Launch = Callable[..., Browser]


@pytest.fixture(scope="module")
def start_server(
    django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[StartServer]:
    with phone_servers(tmp_path_factory.mktemp("phone-servers")) as start:
        yield start


@pytest.fixture(scope="module")
def shared_server(start_server: StartServer) -> Server:
    """One server for all tests that leave it as they found it."""
    return start_server()


@pytest.fixture(scope="module")
def hearing_server(start_server: StartServer) -> Server:
    """A server as `make run` starts it: real recognition, and the phone on because DEBUG is."""
    return start_server(PHONE="", DEBUG="true", RECOGNIZER="offline")


@pytest.fixture(scope="module")
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


@pytest.fixture(scope="module")
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


# --- The conversation ---------------------------------------------------------------------------


def under_policy(route: Route) -> None:
    """Have a page keep to the strictest policy that it is to work under."""
    answer = route.fetch()
    route.fulfill(response=answer, headers={**answer.headers, "content-security-policy": POLICY})


@pytest.mark.parametrize("line", [Bot.Line.SAY, Bot.Line.STREAM])
def test_conversation_by_voice_to_the_goodbye(
    open_page: Open,
    launch: Launch,
    bot: Bot,
    hearing_server: Server,
    tmp_path: Path,
    line: Bot.Line,
) -> None:
    """Heard, answered, and hung up at the goodbye, on both lines and under a strict policy."""
    bot.line = line
    bot.save()
    # What the recognizer might miss is said twice; from its end the file begins anew.
    file = write_recording(
        tmp_path / "caller.wav",
        ["hello", "good", "hello", "good", "weather", "goodbye"],
        before=5,
        after=5,
    )
    caller = launch(
        FAKE_DEVICE, WILLING, TAKES_ROUTED_PAGES, f"--use-file-for-fake-audio-capture={file}"
    )
    page = open_page(PHONE, at=hearing_server.url, browser=caller)
    page.route(f"**{PHONE}", under_policy)
    page.reload()
    call(page)
    talks(page)
    over = "The call is over: the bot hung up."
    expect(state(page)).to_have_text(over, timeout=120_000)
    turns = list(Turn.objects.order_by("number").values_list("role", "text"))
    heard = [text for role, text in turns if role == "caller"]
    said = [text for role, text in turns if role == "bot"]
    assert {"hello", "good", "goodbye"} <= set(heard)
    assert said[0] == "How can I help you?"
    assert {"Hi, how are you?", "Nice, I am happy for you."} <= set(said)
    assert said[-1] == "Nice talking to you."
    assert Call.objects.get().outcome == Call.Outcome.BOT_HUNG_UP
    assert Call.objects.get().line == line


def test_page_without_a_voice_lets_read(phone: Page) -> None:
    """The text is there, as long as it takes to read; then the bot goes on."""
    call(phone)
    expect(phone.locator(".phone-caption")).to_have_text("How can I help you?")
    expect(phone.get_by_text("This browser has no voice")).to_be_visible()
    talks(phone)
    hang_up(phone)


def test_call_can_be_placed_again(phone: Page) -> None:
    """One call after the other, each with a SID of its own."""
    sids = set()
    for _ in range(2):
        call(phone)
        talks(phone)
        hang_up(phone)
        sids.add(phone.locator(".phone").get_attribute("data-sid"))
    assert sids == set(Call.objects.values_list("sid", flat=True))
    assert len(sids) == 2


def test_transcript_follows_the_call(phone: Page) -> None:
    """By its SID."""
    call(phone)
    talks(phone)
    sid = Call.objects.get().sid
    expect(phone.locator(".phone")).to_have_attribute("data-sid", sid)
    hang_up(phone)


def test_bot_and_number_are_chosen(
    open_page: Open, quiet: Browser, bot: Bot, shared_server: Server
) -> None:
    """By whoever may see the bots."""
    Bot.objects.create(name="Other", greeting="Other here.", fallback="What?")
    page = open_page(PHONE, member_of("Editor"), at=shared_server.url, browser=quiet)
    page.get_by_label("Bot", exact=True).select_option("Other")
    page.get_by_label("Your number").fill("+31 20 123 4567")
    call(page)
    expect(page.locator(".phone-caption")).to_have_text("Other here.")
    hang_up(page)
    assert Call.objects.get().from_number == "+31201234567"


def test_number_that_is_none_is_not_called_with(phone: Page) -> None:
    """The field says how one is written."""
    phone.get_by_label("Your number").fill("112")
    call(phone)
    assert phone.get_by_label("Your number").evaluate("field => field.validity.patternMismatch")
    assert not Call.objects.exists()


# --- Keys, mute and transfers -------------------------------------------------------------------


def watch_line(page: Page) -> list[str | bytes]:
    """Note what the page sends on its line."""
    sent: list[str | bytes] = []

    def watch(socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: sent.append(frame))

    page.on("websocket", watch)
    return sent


def test_keys_are_clicked_or_typed(phone: Page) -> None:
    """Each is a button with a name, and a key of the keyboard."""
    sent = watch_line(phone)
    call(phone)
    talks(phone)
    keypad = phone.get_by_role("group", name="Keypad")
    for name in ("5", "star", "hash"):
        keypad.get_by_role("button", name=name, exact=True).click()
    phone.keyboard.press("0")
    expect(phone.get_by_label("Pressed")).to_have_text("5*#0")
    hang_up(phone)
    pressed = [frame for frame in sent if isinstance(frame, str) and "press" in frame]
    assert [frame[-3] for frame in pressed] == list("5*#0")


def test_digits_in_a_field_are_no_keys(phone: Page) -> None:
    """Nor are those of a shortcut, or typed without a call."""
    phone.keyboard.press("7")
    call(phone)
    talks(phone)
    phone.keyboard.press("Control+7")
    hang_up(phone)
    expect(phone.get_by_label("Pressed")).to_be_empty()


def test_muted_microphone_sends_nothing(phone: Page) -> None:
    """Until it is heard again."""
    sent = watch_line(phone)
    call(phone)
    talks(phone)
    mute = phone.get_by_role("button", name="Mute")
    mute.click()
    expect(mute).to_have_attribute("aria-pressed", "true")
    sent.clear()
    # A round trip through the page, so that what was under way has been sent.
    phone.wait_for_timeout(300)
    assert [frame for frame in sent if isinstance(frame, bytes)] == []
    mute.click()
    phone.wait_for_timeout(300)
    frames = [frame for frame in sent if isinstance(frame, bytes)]
    assert frames
    assert {len(frame) for frame in frames} == {160}
    hang_up(phone)


def test_caller_decides_how_a_transfer_goes(phone: Page) -> None:
    """The page shows whom the bot calls; nobody is called here, so the user plays them."""
    # Who says nothing for so long is connected.
    bot = Bot.objects.get()
    bot.silence_seconds = 3
    bot.save()
    Reprompt.objects.create(
        bot=bot, kind="no-input", text="One moment.", action="transfer", parameter="+31207654300"
    )
    call(phone)
    expect(phone.get_by_role("group", name="Transfer")).to_contain_text("calls +31207654300")
    phone.get_by_role("button", name="Answer", exact=True).click()
    expect(phone.get_by_role("group", name="Transfer")).to_contain_text("is connected")
    phone.get_by_role("button", name="They hang up").click()
    expect(state(phone)).to_contain_text("The call is over")
    expect(phone.get_by_role("group", name="Transfer")).to_be_hidden()


# --- What goes wrong ----------------------------------------------------------------------------


def test_microphone_that_is_refused(
    open_page: Open, launch: Launch, bot: Bot, shared_server: Server
) -> None:
    """The page says where it can be allowed."""
    page = open_page(PHONE, at=shared_server.url, browser=launch(FAKE_DEVICE))
    call(page)
    expect(page.get_by_role("alert")).to_contain_text("may not use the microphone. Allow it")
    expect(page.get_by_role("button", name="Call", exact=True)).to_be_focused()
    assert not Call.objects.exists()


def test_no_microphone(open_page: Open, chromium: Browser, bot: Bot, shared_server: Server) -> None:
    """As on many desktop machines."""
    page = open_page(PHONE, at=shared_server.url, permissions=["microphone"])
    call(page)
    expect(page.get_by_role("alert")).to_contain_text("No microphone was found. Connect one")


def test_page_that_came_unencrypted_over_the_network(
    open_page: Open, launch: Launch, bot: Bot, start_server: StartServer
) -> None:
    """Browsers give no microphone there, and the page says where they do."""
    server = start_server(ALLOWED_HOSTS="phone.test,127.0.0.1")
    browser = launch(FAKE_DEVICE, WILLING, "--host-resolver-rules=MAP phone.test 127.0.0.1")
    address = server.url.replace("127.0.0.1", "phone.test")
    page = open_page(PHONE, at=address, browser=browser)
    call(page)
    expect(page.get_by_role("alert")).to_contain_text("over https only")


def test_server_that_goes_away_during_a_call(
    open_page: Open, quiet: Browser, bot: Bot, start_server: StartServer
) -> None:
    """The page tells it, and lets call again, when it would tell it again."""
    server = start_server()
    page = open_page(PHONE, at=server.url, browser=quiet)
    call(page)
    talks(page)
    server.kill()
    expect(page.get_by_role("alert")).to_contain_text("The connection to the server broke")
    call(page)
    expect(page.get_by_role("alert")).to_contain_text("The server does not answer")


def test_server_that_stops(
    open_page: Open, quiet: Browser, bot: Bot, start_server: StartServer
) -> None:
    """It says so before it is gone."""
    server = start_server()
    page = open_page(PHONE, at=server.url, browser=quiet)
    call(page)
    talks(page)
    server.stop()
    expect(page.get_by_role("alert")).to_contain_text("The server is stopping")


# --- How it looks -------------------------------------------------------------------------------


def test_phone_is_used_by_keyboard(phone: Page) -> None:
    """Call with Return, and hang up where the focus then is."""
    phone.get_by_label("Your number").press("Enter")
    talks(phone)
    phone.get_by_role("button", name="Hang up").focus()
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("button", name="Call", exact=True)).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_page_fits_the_window(
    open_page: Open, quiet: Browser, bot: Bot, shared_server: Server, width: int, scheme: str
) -> None:
    """Before a call and in it."""
    page = open_page(PHONE, at=shared_server.url, browser=quiet, width=width, scheme=scheme)
    assert not overflows(page)
    call(page)
    talks(page)
    assert not overflows(page)
    hang_up(page)
