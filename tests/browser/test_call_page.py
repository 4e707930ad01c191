"""The record of calls in a browser."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from calls.models import Call, Turn
from chatbot.models import Bot
from tests.browser.conftest import Open, overflows
from tests.calls.recorded import record_call
from tests.chatbot.bots import create_bot, create_intent

LIST = reverse("admin:calls_call_changelist")


@pytest.fixture
def call(transactional_db: None) -> Call:
    """Return a call in which everything happened."""
    bot = create_bot()
    hours = create_intent(bot, "hours", "opening hours", reply="From nine to five.")
    create_intent(bot, "tomorrow", "tomorrow", reply="Then too.").follows.add(hours)
    order = create_intent(bot, "order", "my order is {order:digits}", reply="Thank you.")
    order.replies.update(action="sms", parameter="Your order {order} " + "is on its way. " * 10)
    create_intent(bot, "person", "person").replies.update(
        action="transfer", parameter="+31201234567"
    )
    Bot.objects.get().save()
    call = record_call(
        bot, "opening hours", "tomorrow", "opxning hxurs", "my order is 44 77", None, "person"
    )
    Turn.objects.filter(action="sms").update(
        errand="failed", note="The SMS was not sent: Twilio answered HTTP 400, error 21614."
    )
    return call


def page_of(call: Call) -> str:
    return reverse("admin:calls_call_change", args=[call.pk])


def test_page_tells_why(open_page: Open, call: Call) -> None:
    """The match, the follow-up, what was kept, what was done, and what went wrong."""
    page = open_page(page_of(call))
    turns = page.locator(".turns > li")
    expect(turns.nth(1)).to_contain_text("meant hours by “opening hours” (exact")
    expect(turns.nth(3)).to_contain_text("as a follow-up of hours")
    expect(turns.nth(5)).to_contain_text("matched no intent")
    expect(turns.nth(7)).to_contain_text("order = 4477, said “44 77”")
    expect(turns.nth(8)).to_contain_text("then sends the caller the SMS “Your order 4477")
    expect(turns.nth(8)).to_contain_text("error 21614")
    expect(turns.nth(11)).to_contain_text("then connects the caller to +31201234567")
    expect(page.get_by_role("row", name="order 4477")).to_be_visible()


def test_runners_up_are_shown_on_request(open_page: Open, call: Call) -> None:
    """They are of interest to few."""
    page = open_page(page_of(call))
    runner_up = page.get_by_text("hours by “opening hours” (8")
    expect(runner_up).to_be_hidden()
    page.get_by_text("Nearly").click()
    expect(runner_up).to_be_visible()


def test_rehearsal_is_made_by_one_click(open_page: Open, call: Call) -> None:
    """The page leads to it."""
    page = open_page(page_of(call))
    page.get_by_role("button", name="Make a rehearsal of this call").click()
    expect(page.get_by_text("is now a rehearsal of Test bot.")).to_be_visible()
    page.locator(".messagelist").get_by_role("link").click()
    expect(page.get_by_role("heading", name="Rehearsals", exact=True)).to_be_visible()


def test_calls_with_a_no_match_are_found(open_page: Open, call: Call) -> None:
    """By a filter of the list."""
    understood = record_call(Bot.objects.get(), "opening hours", number="+31600000000")
    page = open_page(LIST)
    expect(page.get_by_text(understood.from_number)).to_be_visible()
    page.get_by_role("link", name="Had a no-match").click()
    expect(page.get_by_text(call.from_number)).to_be_visible()
    expect(page.get_by_text(understood.from_number)).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_page_fits_the_window(open_page: Open, call: Call, width: int, scheme: str) -> None:
    """Nothing is scrolled sideways but the tables, each by itself."""
    page = open_page(page_of(call), width=width, scheme=scheme)
    page.get_by_text("Nearly").click()
    page.get_by_text("For the operator").click()
    assert not overflows(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_list_fits_the_window(open_page: Open, call: Call, width: int, scheme: str) -> None:
    """The table scrolls by itself."""
    assert not overflows(open_page(LIST, width=width, scheme=scheme))
