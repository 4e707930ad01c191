"""Teaching a bot what its callers say, in a browser."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from pytest_django import Settings

from chatbot.models import Bot
from tests.browser.conftest import Open, overflows
from tests.calls.recorded import record_call
from tests.chatbot.bots import create_bot, create_intent


@pytest.fixture(autouse=True)
def _hears_speech(settings: Settings) -> None:
    settings.CHATBOT_KEYWORD_CHECKS = []


@pytest.fixture
def bot(transactional_db: None) -> Bot:
    """Return a bot whose callers said three things in vain."""
    bot = create_bot()
    create_intent(bot, "hours", "opening hours")
    create_intent(bot, "a very long name of an intent about which callers ask very often", "order")
    record_call(bot, "opxning hxurs", "Opxning hxurs", "opxning hxurs")
    record_call(bot, "flying fish", "flying fish", "flying fishes")
    record_call(bot, "Supercalifragilisticexpialidociousandmuchlongerthanascreeniswide " * 2)
    return bot


def page_of(bot: Bot) -> str:
    return reverse("admin:chatbot_bot_missed_phrases", args=[bot.pk])


def test_phrase_is_added_by_one_click(open_page: Open, bot: Bot) -> None:
    """The page says so, stays, and goes on with the phrase that comes next."""
    page = open_page(page_of(bot))
    phrase = page.get_by_role("listitem", name="opxning hxurs")
    phrase.get_by_role("button", name="Add keyword").click()
    expect(page.get_by_role("status")).to_contain_text(
        "“opxning hxurs” is now a keyword of “hours”."
    )
    expect(phrase).to_have_count(0)
    expect(page.get_by_role("listitem", name="Super").get_by_label("Keyword")).to_be_focused()


def test_phrase_is_edited_and_added_to_a_chosen_intent(open_page: Open, bot: Bot) -> None:
    """What is proposed is only a proposal."""
    page = open_page(page_of(bot))
    phrase = page.get_by_role("listitem", name="flying fish")
    phrase.get_by_label("Keyword").fill("fish")
    phrase.get_by_label("of the intent").select_option(label="hours")
    phrase.get_by_role("button", name="Add keyword").click()
    expect(page.get_by_role("status")).to_contain_text("“fish” is now a keyword of “hours”.")
    assert bot.intents.get(name="hours").keywords.filter(text="fish").exists()


def test_keyword_that_is_refused_is_marked(open_page: Open, bot: Bot) -> None:
    """The reason is read out, and the field has the focus."""
    page = open_page(page_of(bot))
    phrase = page.get_by_role("listitem", name="opxning hxurs")
    phrase.get_by_label("Keyword").fill("Opening hours!")
    phrase.get_by_role("button", name="Add keyword").click()
    expect(page.get_by_role("alert")).to_contain_text("has this keyword already")
    expect(phrase.get_by_label("Keyword")).to_have_value("Opening hours!")
    expect(phrase.get_by_label("Keyword")).to_be_focused()


def test_phrases_are_ignored_and_taken_back(open_page: Open, bot: Bot) -> None:
    """Those that are alike together, and each by itself."""
    page = open_page(page_of(bot))
    phrase = page.get_by_role("listitem", name="flying fish")
    phrase.get_by_text("and 1 like it").click()
    expect(phrase.get_by_text("flying fishes")).to_be_visible()
    phrase.get_by_role("button", name="Ignore").click()
    expect(page.get_by_role("status")).to_contain_text("2 phrases, are ignored from now on")
    page.get_by_text("Ignored", exact=True).click()
    page.get_by_role("button", name="Take back: flying fish", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("“flying fish” is not ignored any more.")
    expect(page.get_by_role("listitem", name="flying fish")).to_be_visible()
    expect(page.get_by_role("button", name="Take back: flying fishes")).to_be_focused()


def test_list_can_be_worked_through_by_keyboard(open_page: Open, bot: Bot) -> None:
    """Return in the field adds, and the focus is in the field of the next one."""
    page = open_page(page_of(bot))
    page.get_by_role("listitem", name="opxning hxurs").get_by_label("Keyword").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("is now a keyword of “hours”")
    page.keyboard.press("Control+A")
    page.keyboard.type("another keyword")
    phrase = page.get_by_role("listitem", name="Super")
    expect(phrase.get_by_label("Keyword")).to_have_value("another keyword")


def test_page_works_without_scripts(open_page: Open, bot: Bot) -> None:
    """Each form by itself, and the page comes back with what happened."""
    page = open_page(page_of(bot))
    page.route("**/missed_phrases.js", lambda route: route.fulfill(body=""))
    page.reload()
    phrase = page.get_by_role("listitem", name="opxning hxurs")
    phrase.get_by_role("button", name="Ignore").click()
    expect(page.locator(".messagelist")).to_contain_text("“opxning hxurs” is ignored from now on.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_page_fits_the_window(open_page: Open, bot: Bot, width: int, scheme: str) -> None:
    """Nothing is scrolled sideways."""
    bot.ignored_phrases.create(text="Pneumonoultramicroscopicsilicovolcanoconiosis" * 3)
    page = open_page(page_of(bot), width=width, scheme=scheme)
    page.get_by_text("Ignored", exact=True).click()
    assert not overflows(page)
