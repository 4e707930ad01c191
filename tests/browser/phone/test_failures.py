"""What goes wrong, told in plain words."""

from playwright.sync_api import Browser, Page, expect

from calls.models import Call
from chatbot.models import Bot
from tests.browser.conftest import Open
from tests.browser.phone.conftest import FAKE_DEVICE, PHONE, WILLING, Launch, call, talks
from tests.calls.phone.servers import StartServer
from tests.server import Server


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
    page = in_a_call(open_page, quiet, server)
    server.kill()
    expect(page.get_by_role("alert")).to_contain_text("The connection to the server broke")
    call(page)
    expect(page.get_by_role("alert")).to_contain_text("The server does not answer")
    expect(page.locator("[data-phone=live]")).to_be_empty()  # the transcript is not tried again


def test_server_that_stops(
    open_page: Open, quiet: Browser, bot: Bot, start_server: StartServer
) -> None:
    """It says so before it is gone."""
    server = start_server()
    page = in_a_call(open_page, quiet, server)
    server.stop()
    expect(page.get_by_role("alert")).to_contain_text("The server is stopping")


def in_a_call(open_page: Open, quiet: Browser, server: Server) -> Page:
    """Return the page once the bot has greeted, and listens."""
    page = open_page(PHONE, at=server.url, browser=quiet)
    call(page)
    talks(page)
    return page
