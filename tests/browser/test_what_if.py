"""Yesterday's calls answered today, in a browser."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from chatbot.models import Bot
from tests.browser.conftest import Open, overflows
from tests.calls.recorded import record_call
from tests.chatbot.bots import create_bot, create_intent


@pytest.fixture
def bot(transactional_db: None) -> Bot:
    """Return a bot that learned something, and forgot and rewrote something."""
    bot = create_bot()
    hours = create_intent(bot, "hours", "opening hours", reply="From nine to five.")
    order = create_intent(bot, "order", "my order")
    for _ in range(12):
        record_call(bot, "flying fish", "opening hours", "my order please")
    create_intent(bot, "fish", "fish", reply="We have none, and " + "never had any " * 20)
    hours.replies.update(action="hangup", text="All day.")
    order.delete()
    return bot


def page_of(bot: Bot) -> str:
    return reverse("admin:chatbot_bot_what_if", args=[bot.pk])


def test_number_of_calls_is_chosen(open_page: Open, bot: Bot) -> None:
    """The page counts what would differ in them."""
    page = open_page(page_of(bot))
    expect(page.get_by_role("status")).to_contain_text("in 12 of 12 calls")
    page.get_by_label("Replay the last").select_option("10")
    page.get_by_role("button", name="Replay").click()
    expect(page.get_by_role("status")).to_contain_text("20 of 20 answers would differ")
    expect(page.get_by_label("Replay the last")).to_have_value("10")


def test_difference_tells_why(open_page: Open, bot: Bot) -> None:
    """On request."""
    page = open_page(page_of(bot))
    first = page.get_by_role("listitem").filter(has_text="flying fish").first
    expect(first.get_by_text("not understood")).to_be_visible()
    first.get_by_text("The reason").first.click()
    expect(first.get_by_text("word for word, in what was said")).to_be_visible()


def test_difference_leads_to_the_turn_of_the_call(open_page: Open, bot: Bot) -> None:
    """One click, and it is in view."""
    page = open_page(page_of(bot))
    page.get_by_role("link", name="Call of").nth(1).click()
    turn = page.locator(".turn:target")
    expect(turn).to_contain_text("opening hours")
    expect(turn).to_be_in_viewport()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_page_fits_the_window(open_page: Open, bot: Bot, width: int, scheme: str) -> None:
    """Nothing is scrolled sideways."""
    page = open_page(page_of(bot), width=width, scheme=scheme)
    page.get_by_text("The reason").first.click()
    assert not overflows(page)
