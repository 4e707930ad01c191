"""The list of problems in a browser."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from pytest_django import Settings

from chatbot.models import Bot
from tests.browser.conftest import Open, overflows
from tests.chatbot.bots import create_bot, create_intent


@pytest.fixture(autouse=True)
def _hears_speech(settings: Settings) -> None:
    settings.CHATBOT_KEYWORD_CHECKS = []
    settings.CHATBOT_HEARS_KEYS = False


@pytest.fixture
def bot(transactional_db: None) -> Bot:
    """Return a bot with an error of an intent, one of its own, and a warning."""
    bot = create_bot()
    Bot.objects.update(greeting="Welcome {name}.")
    create_intent(bot, "hello", "hello")
    create_intent(bot, "greeting", "hi", "hello")
    create_intent(bot, "one", "1", reply="A" * 60 + " long reply. " * 40)
    return bot


def page_of(bot: Bot) -> str:
    return reverse("admin:chatbot_bot_checks", args=[bot.pk])


def test_list_leads_to_the_row_that_is_wrong(open_page: Open, bot: Bot) -> None:
    """A click, and the keyword is in view."""
    page = open_page(page_of(bot))
    expect(page.get_by_text("2 errors and 2 warnings.")).to_be_visible()
    page.get_by_role("link", name="intent “greeting”, keyword “hello”").click()
    expect(page.locator("#keywords-1 input[type=text]")).to_have_value("hello")
    expect(page.locator("#keywords-1")).to_be_in_viewport()


def test_list_leads_to_the_field_of_the_bot(open_page: Open, bot: Bot) -> None:
    """Those of the bot are on its own page."""
    page = open_page(page_of(bot))
    page.get_by_role("link", name="the bot, greeting").click()
    expect(page.locator("#id_greeting")).to_be_in_viewport()
    expect(page.get_by_role("link", name="Checks 4 problems")).to_be_visible()


def test_list_is_empty_once_all_is_mended(open_page: Open) -> None:
    """The bot's own page is green, then."""
    bot = create_bot()
    page = open_page(reverse("admin:chatbot_bot_change", args=[bot.pk]))
    page.get_by_role("link", name="Checks nothing found").click()
    expect(page.get_by_text("Nothing found.")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_list_fits_the_window(open_page: Open, bot: Bot, width: int, scheme: str) -> None:
    """Even with a name that is longer than a line."""
    create_intent(bot, "x" * 100)
    page = open_page(page_of(bot), width=width, scheme=scheme)
    expect(page.get_by_text("3 errors and 2 warnings.")).to_be_visible()
    assert not overflows(page)
