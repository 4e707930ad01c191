"""Running calls in a browser: a server of its own, because the pages need WebSockets."""

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, WebSocketRoute, expect

from calls.models import Call, Turn
from tests.browser.conftest import Open, member_of, overflows
from tests.calls.by_phone.conftest import database_url
from tests.calls.recorded import NUMBER, record_call
from tests.chatbot.bots import create_bot, create_intent
from tests.server import Server, free_port

pytestmark = pytest.mark.channel_layer

NOW = reverse("admin:calls_call_now")


def start(log: Path) -> Server:
    env = {
        "SECRET_KEY": settings.SECRET_KEY,
        "DATABASE_URL": database_url(),
        "TWILIO_ACCOUNT_SID": settings.TWILIO_ACCOUNT_SID,
        "TWILIO_AUTH_TOKEN": settings.TWILIO_AUTH_TOKEN,
        "TWILIO_API_URL": "http://127.0.0.1:1",
        "RECOGNIZER": "tests.calls.speech.spelling.SpellingRecognizer",
        "SYNTHESIZER": "none",
    }
    return Server(free_port(), env, log).start()


@pytest.fixture(scope="module")
def server(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests that leave it as they found it."""
    server = start(tmp_path_factory.mktemp("server") / "log")
    yield server
    server.kill()


@pytest.fixture
def own_server(transactional_db: None, tmp_path: Path) -> Iterator[Server]:
    """A server that the test may kill and start again."""
    server = start(tmp_path / "log")
    yield server
    server.kill()


@pytest.fixture
def call(transactional_db: None) -> Call:
    """A call that runs, held by a stream of some process."""
    bot = create_bot()
    create_intent(bot, "hours", "opening hours", reply="From nine to five.")
    record_call(bot, "opening hours")
    now = timezone.now()
    Call.objects.update(status="in-progress", ended_at=None, started_at=now)
    call = Call.objects.get()
    call.streams.create(
        token_digest="x", expires_at=now, opened_at=now, seen_at=now + timedelta(hours=1)
    )
    return call


def page_of(call: Call) -> str:
    return reverse("admin:calls_call_change", args=[call.pk])


def add_turn(call: Call, text: str) -> None:
    """Record what the caller says; the server finds it when it looks."""
    count = Turn.objects.filter(call=call).count() + 1
    Turn.objects.create(call=call, number=count, role="caller", text=text)
    Call.objects.filter(pk=call.pk).update(turn_count=count)


def is_live(page: Page) -> None:
    expect(page.locator(".live-status")).to_contain_text("Live:")


def test_new_turn_appears_without_loading_the_page(
    open_page: Open, server: Server, call: Call
) -> None:
    """Behind the others, and is told to a screen reader."""
    page = open_page(page_of(call), at=server.url)
    is_live(page)
    expect(page.locator("ol.turns")).to_have_attribute("aria-live", "polite")
    add_turn(call, "hello there")
    expect(page.locator("ol.turns > li.turn:visible").last).to_contain_text("hello there")
    expect(page.locator("ol.turns > li.turn:visible")).to_have_count(4)


def test_page_that_lost_its_server_catches_up(
    open_page: Open, own_server: Server, call: Call
) -> None:
    """It says so meanwhile; then every turn is there, once, in its order."""
    page = open_page(page_of(call), at=own_server.url)
    is_live(page)
    own_server.kill()
    expect(page.locator(".live-status")).to_contain_text("Not connected")
    add_turn(call, "one")
    add_turn(call, "two")
    own_server.start()
    is_live(page)
    texts = page.locator("ol.turns > li.turn:visible .turn-text")
    expect(texts).to_have_text(
        [Turn.objects.get(number=1).text, "opening hours", "From nine to five.", "one", "two"]
    )
    ids = page.locator("ol.turns > li.turn[id]").evaluate_all("items => items.map(item => item.id)")
    assert ids == [f"turn-{number}" for number in range(1, 6)]


def test_reader_who_keeps_a_detail_open_is_not_disturbed(
    open_page: Open, server: Server, call: Call
) -> None:
    """What he has focused keeps the focus, also where its turn changes."""
    page = open_page(page_of(call), at=server.url)
    is_live(page)
    page.locator("#control-text").focus()
    page.keyboard.type("One moment, ")
    Turn.objects.filter(number=3).update(answer_ms=12)
    expect(page.locator("#turn-3")).to_contain_text("answered in 12 ms")
    page.keyboard.type("please.")
    expect(page.locator("#control-text")).to_have_value("One moment, please.")


def test_call_that_ends_is_said_to_be_over(open_page: Open, server: Server, call: Call) -> None:
    """How, and how long it was; and nobody can speak in it any more."""
    page = open_page(page_of(call), at=server.url)
    is_live(page)
    Call.objects.update(
        status="completed", outcome="caller", ended_at=timezone.now(), duration_seconds=75
    )
    expect(page.locator(".live-status")).to_have_text("The call is over: the caller hung up.")
    expect(page.locator(".call-ending")).to_have_text("The caller hung up")
    expect(page.locator(".call-length")).to_have_text("0:01:15")
    expect(page.get_by_role("button", name="Say it now")).to_be_disabled()


def test_sentence_is_sent_without_leaving_the_page(
    open_page: Open, server: Server, call: Call
) -> None:
    """It appears in the conversation, with who said it, and the field is free for the next."""
    page = open_page(page_of(call), member_of("Operator"), at=server.url)
    is_live(page)
    field = page.get_by_label("Say to the caller")
    for text in ("One moment, please.", "Here I am."):
        field.fill(text)
        page.get_by_role("button", name="Say it now").click()
        expect(page.locator(".control-status")).to_have_text("The caller is being told.")
        expect(page.locator("ol.turns .turn:visible").last).to_contain_text(text)
        expect(field).to_have_value("")
    expect(page.locator("#turn-5")).to_contain_text("from operator")
    assert Turn.objects.filter(rule="staff").count() == 2


def test_what_cannot_be_done_is_said_and_what_was_written_stays(
    open_page: Open, server: Server, call: Call
) -> None:
    """The number can be corrected."""
    page = open_page(page_of(call), member_of("Operator"), at=server.url)
    page.get_by_text("Hand the call to a person").click()
    number = page.get_by_label("Number, with its country code")
    number.fill("12")
    page.get_by_role("button", name="Connect the caller").click()
    expect(page.locator(".control-status")).to_contain_text("is not a telephone number")
    expect(number).to_have_value("12")


def test_list_shows_calls_that_begin_and_end(open_page: Open, server: Server, call: Call) -> None:
    """With what was said last, and how long each has been running."""
    page = open_page(NOW, at=server.url)
    status = page.locator(".live-status")
    expect(status).to_have_text("1 call is running.")
    row = page.locator(".running-call")
    expect(row).to_contain_text("From nine to five.")
    before = row.locator(".running-time").inner_text()
    expect(row.locator(".running-time")).not_to_have_text(before)
    add_turn(call, "hello there")
    expect(row).to_contain_text("hello there")
    Call.objects.update(status="completed", ended_at=timezone.now())
    expect(status).to_have_text("No calls are running.")
    expect(page.get_by_text("Nobody is on the telephone")).to_be_visible()


def test_list_that_lost_its_server_catches_up(
    open_page: Open, own_server: Server, call: Call
) -> None:
    """It says so meanwhile."""
    page = open_page(NOW, at=own_server.url)
    expect(page.locator(".running-call")).to_have_count(1)
    own_server.kill()
    expect(page.locator(".live-status")).to_contain_text("Not connected")
    Call.objects.update(status="completed", ended_at=timezone.now())
    own_server.start()
    expect(page.locator(".live-status")).to_have_text("No calls are running.")
    expect(page.locator(".running-call")).to_have_count(0)


def test_row_leads_to_its_call(open_page: Open, server: Server, call: Call) -> None:
    """From every page: the list, and the call."""
    page = open_page(reverse("admin:index"), at=server.url)
    page.get_by_role("link", name="Calls now").click()
    page.get_by_role("link", name=f"Call of {NUMBER}").click()
    is_live(page)


def test_number_that_is_hidden_does_not_come_by_the_socket(
    open_page: Open, server: Server, call: Call
) -> None:
    """An editor sees what was said, but not who called."""
    page = open_page(page_of(call), member_of("Editor"), at=server.url)
    is_live(page)
    add_turn(call, f"my number is {NUMBER}")
    expect(page.locator("#turn-4")).to_contain_text("my number is [number]")
    assert NUMBER not in page.content()


def test_whoever_is_signed_out_is_told_so(open_page: Open, server: Server, call: Call) -> None:
    """Within half a minute, and the page tries no more."""
    page = open_page(page_of(call), member_of("Supervisor"), at=server.url)
    is_live(page)
    page.context.clear_cookies()
    Session.objects.all().delete()
    expect(page.locator(".live-status")).to_contain_text("You are signed out")


def test_whoever_was_signed_out_while_the_server_was_down_is_told_so(
    open_page: Open, own_server: Server, call: Call
) -> None:
    """The page does not try again for ever."""
    page = open_page(page_of(call), member_of("Supervisor"), at=own_server.url)
    is_live(page)
    own_server.kill()
    Session.objects.all().delete()
    own_server.start()
    expect(page.locator(".live-status")).to_contain_text("You are signed out")


def test_connections_that_end_at_once_are_made_ever_more_rarely(
    open_page: Open, server: Server, call: Call
) -> None:
    """Also where each brings a first message: a server that fails behind it is left in peace."""
    times: list[float] = []

    def end_at_once(socket: WebSocketRoute) -> None:
        times.append(time.monotonic())
        socket.send('{"seq": 1, "whole": true}')
        socket.close()

    page = open_page(NOW, at=server.url)
    page.route_web_socket("**/live/calls/*", end_at_once)
    page.goto(f"{server.url}{page_of(call)}")
    while len(times) < 4:
        page.wait_for_timeout(50)
    # The last pause is 1 s at least; were it as the first, it would be 750 ms at most.
    assert times[3] - times[2] > 0.85


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_pages_fit_the_window(
    open_page: Open, server: Server, call: Call, width: int, scheme: str
) -> None:
    """Both, with every form open."""
    add_turn(call, "a" * 300)
    assert not overflows(open_page(NOW, width=width, scheme=scheme, at=server.url))
    page = open_page(page_of(call), width=width, scheme=scheme, at=server.url)
    page.get_by_text("Hand the call to a person").click()
    page.get_by_text("Hang up", exact=True).click()
    assert not overflows(page)
