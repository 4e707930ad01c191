"""The record of calls in a browser."""

import json
import re
from datetime import timedelta

import pytest
from django.db.models import F
from django.urls import reverse
from playwright.sync_api import expect

from calls.models import Call, Turn
from chatbot.models import Bot
from tests.browser.conftest import Open, member_of, overflows
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


def test_search_leads_to_the_turn(open_page: Open, call: Call) -> None:
    """The words are marked in the list, and the turn is on the page that follows."""
    page = open_page(LIST)
    page.get_by_role("searchbox", name="Search").fill("order is")
    page.keyboard.press("Enter")
    expect(page.locator(".hits mark").first).to_be_in_viewport()
    expect(page.locator(".hits mark")).to_have_text(["order", "is"])
    page.locator(".hits").get_by_role("link", name="Caller").click()
    expect(page.locator("#turn-8:target")).to_contain_text("my order is 44 77")


def test_form_narrows_the_list_down_and_keeps_the_rest(open_page: Open, call: Call) -> None:
    """By keyboard, beside the filters that are links."""
    Call.objects.filter(pk=call.pk).update(slowest_ms=2500)
    record_call(Bot.objects.get(), "purple", number="+31600000000")
    page = open_page(f"{LIST}?missed=yes")
    expect(page.locator("#result_list tbody tr")).to_have_count(2)
    page.get_by_label("Slowest answer over (ms)").fill("2000")
    page.keyboard.press("Enter")
    expect(page.locator("#result_list tbody tr")).to_have_count(1)
    assert "missed=yes" in page.url
    page.get_by_role("link", name="Clear", exact=True).click()
    expect(page.locator("#result_list tbody tr")).to_have_count(2)


def test_form_says_what_is_wrong(open_page: Open, call: Call) -> None:
    """Beside the field, and to those who hear the page."""
    page = open_page(LIST)
    page.get_by_label("Number called has").fill("207")
    page.get_by_label("From", exact=True).fill("2026-03-02")
    page.get_by_label("To, and with it").fill("2026-03-01")
    page.get_by_role("button", name="Apply").click()
    field = page.get_by_label("To, and with it")
    expect(field).to_have_accessible_description("This day is before the first one.")
    expect(page.get_by_label("Number called has")).to_have_value("207")
    expect(page.get_by_text("No call is shown until this is put right.")).to_be_visible()


def test_list_is_downloaded_as_a_file(open_page: Open, call: Call) -> None:
    """With what it shows."""
    page = open_page(f"{LIST}?q=tomorrow")
    with page.expect_download() as download:
        page.get_by_role("link", name="JSON").click()
    assert download.value.suggested_filename.startswith("calls-found-")
    [record] = json.loads(download.value.path().read_text())
    assert record["call"] == call.sid


def test_head_tells_how_the_call_ended(open_page: Open, call: Call) -> None:
    """And by whom, at a glance."""
    Call.objects.filter(pk=call.pk).update(outcome="silence", slowest_ms=1200)
    head = open_page(page_of(call)).locator(".call-facts").first
    expect(head).to_contain_text("The caller fell silent, and the bot hung up")
    expect(head.locator("div", has_text="Who ended it")).to_contain_text("The bot")
    expect(head.locator("div", has_text="Slowest answer")).to_contain_text("1200 ms")


def test_calls_of_the_same_number_are_a_click_away(open_page: Open, call: Call) -> None:
    """Before, after, and all of them."""
    later = record_call(Bot.objects.get(), "purple")
    page = open_page(page_of(call))
    expect(page.get_by_role("link", name="Previous call")).to_have_count(0)
    page.get_by_role("link", name="Next call of this number").click()
    expect(page).to_have_url(re.compile(f"{page_of(later)}$"))
    page.get_by_role("link", name="2 calls of this number").click()
    expect(page.locator("#result_list tbody tr")).to_have_count(2)


def test_editor_sees_no_other_calls_of_a_number(open_page: Open, call: Call) -> None:
    """They would tell that it is the same."""
    record_call(Bot.objects.get(), "purple")
    page = open_page(page_of(call), user=member_of("Editor"))
    expect(page.get_by_text("hidden", exact=True)).to_be_visible()
    expect(page.get_by_text("of this number")).to_have_count(0)


def test_link_to_a_turn_is_copied(open_page: Open, call: Call) -> None:
    """By a click on its time."""
    page = open_page(page_of(call))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("#turn-3 .turn-link").click()
    expect(page.get_by_text("The link was copied.")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.endswith(f"{page_of(call)}#turn-3")
    expect(page).to_have_url(copied)


def test_slow_answer_and_long_silence_are_marked(open_page: Open, call: Call) -> None:
    """Quietly, where they were."""
    Turn.objects.filter(call=call, number=3).update(answer_ms=1234)
    Turn.objects.filter(call=call, number__gt=3).update(at=F("at") + timedelta(minutes=1))
    page = open_page(page_of(call))
    expect(page.locator("#turn-3")).to_contain_text("answered in 1234 ms: slow")
    expect(page.locator("#turn-4")).to_contain_text("01:00")
    expect(page.locator("#silence-3")).to_contain_text("in which nobody was heard to speak")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_search_fits_the_window(open_page: Open, call: Call, width: int, scheme: str) -> None:
    """With what was found."""
    page = open_page(f"{LIST}?q=order&slower=abc", width=width, scheme=scheme)
    assert not overflows(page)
    page = open_page(f"{LIST}?q=order", width=width, scheme=scheme)
    expect(page.locator(".hits mark").first).to_be_in_viewport()
    assert not overflows(page)


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
