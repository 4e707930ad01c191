"""The list of bots and the page of one, as an editor uses them."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from chatbot.models import Bot
from tests.browser.conftest import Open, member_of, overflows
from tests.chatbot.bots import create_bot, create_intent
from tests.groups import restore_groups

BOTS = reverse("admin:chatbot_bot_changelist")

LOOKS = [(width, scheme) for width in (390, 1280) for scheme in ("light", "dark")]


def bot_page(bot: Bot) -> str:
    return reverse("admin:chatbot_bot_change", args=[bot.pk])


def section(page: Page, name: str) -> None:
    """Open a section by its heading."""
    page.locator("summary", has_text=name).click()


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()


def full_bot() -> Bot:
    """Create a bot with rows in every section, and long words in them."""
    bot = create_bot("A bot with a rather long name for a narrow window")
    intent = create_intent(bot, "hello", "hello", reply="Donaudampfschifffahrtsgesellschaft " * 3)
    for number in range(20):
        create_intent(bot, f"intent {number}", f"keyword {number}").follows.add(intent)
    bot.phone_numbers.create(number="+31201234567")
    bot.reprompts.create(kind="no-match", text="Pardon?", action="sms", parameter="Hello " * 20)
    bot.reprompts.create(kind="no-input", text="Hello?")
    bot.opening_times.create(weekday=2, opens="09:00", closes="17:00")
    bot.closed_days.create(day="2026-12-25", name="Christmas")
    bot.pronunciations.create(word="hello", phones="HH AH L OW")
    return bot


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_bot_list_fits_the_window(open_page: Open, width: int, scheme: str) -> None:
    """Nobody scrolls sideways to find a bot."""
    full_bot()
    assert not overflows(open_page(BOTS, width=width, scheme=scheme))


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_bot_page_fits_the_window(open_page: Open, width: int, scheme: str) -> None:
    """Nor to fill in a field, in whichever section."""
    page = open_page(bot_page(full_bot()), width=width, scheme=scheme)
    for heading in page.locator("details.section > summary").all():
        heading.click()
    assert page.locator("details.section:not([open])").count() == 0
    assert not overflows(page)


def test_bot_list_adds_a_starter_bot(open_page: Open) -> None:
    """One click, and there is a bot to change."""
    restore_groups()
    page = open_page(BOTS, member_of("Editor"))
    page.get_by_role("button", name="Nederlands").click()
    expect(page.get_by_text("Added “Startbot”.")).to_be_visible()
    expect(page.get_by_label("Greeting:")).to_have_value("Waarmee kan ik u helpen?")
    expect(page.get_by_role("link", name="tot ziens")).to_be_visible()


def test_bot_page_hides_what_is_rare(open_page: Open) -> None:
    """Greeting and intents are seen at once, the rest behind its heading."""
    page = open_page(bot_page(create_bot()))
    expect(page.get_by_label("Greeting:")).to_be_visible()
    expect(page.get_by_label("Transfer number:")).to_be_hidden()
    section(page, "Transfer to a person")
    expect(page.get_by_label("Transfer number:")).to_be_visible()


def test_bot_page_opens_a_section_by_the_keyboard(open_page: Open) -> None:
    """A mouse is not needed."""
    page = open_page(bot_page(create_bot()))
    page.locator("summary", has_text="Limits").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Most turns:")).to_be_visible()


def test_bot_page_saves_what_is_in_a_section(open_page: Open) -> None:
    """A number to transfer to, and a row of opening hours that was added by script."""
    bot = create_bot()
    page = open_page(bot_page(bot), width=390)
    section(page, "Transfer to a person")
    page.get_by_label("Transfer number:").fill("+31 20 123 4567")
    section(page, "Opening hours")
    page.get_by_role("button", name="Add another Opening time").click()
    page.locator("[name=opening_times-1-weekday]").select_option("Friday")
    page.locator("[name=opening_times-1-opens]").fill("09:30")
    page.locator("[name=opening_times-1-closes]").fill("17:00")
    page.get_by_label("Time zone:").fill("Europe/Amsterdam")
    save(page)
    bot.refresh_from_db()
    assert bot.transfer_number == "+31 20 123 4567"
    assert bot.time_zone == "Europe/Amsterdam"
    assert [str(row) for row in bot.opening_times.all()] == ["Friday 09:30–17:00"]


def test_bot_page_adds_rows_of_both_kinds(open_page: Open) -> None:
    """What is said a second time: each kind under its own heading."""
    bot = create_bot()
    page = open_page(bot_page(bot))
    section(page, "When the bot does not understand")
    page.locator("#no_match-group .add-row a").click()
    page.locator("[name=no_match-0-text]").fill("Once more?")
    section(page, "When the caller says nothing")
    page.locator("#no_input-group .add-row a").click()
    page.locator("[name=no_input-0-text]").fill("Hello?")
    save(page)
    assert {(row.kind, row.text) for row in bot.reprompts.all()} == {
        ("no-match", "Once more?"),
        ("no-input", "Hello?"),
    }


def test_bot_page_shows_the_section_with_a_fault(open_page: Open) -> None:
    """The editor sees what to mend without looking for it."""
    bot = create_bot()
    page = open_page(bot_page(bot))
    section(page, "Transfer to a person")
    page.get_by_label("Transfer number:").fill("extension four")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Please correct the error below.")).to_be_visible()
    expect(page.get_by_text("is not a telephone number")).to_be_visible()
    expect(page.get_by_label("Most turns:")).to_be_hidden()


def test_bot_page_finds_an_intent_among_many(open_page: Open) -> None:
    """By its name or by its keywords; the enter key does not save the form."""
    bot = create_bot()
    for number in range(20):
        create_intent(bot, f"intent {number}", f"keyword {number}")
    page = open_page(bot_page(bot))
    search = page.get_by_role("searchbox", name="Search in Intents")
    search.fill("KEYWORD 17")
    expect(page.get_by_text("1 of 20")).to_be_visible()
    expect(page.get_by_role("link", name="intent 17")).to_be_visible()
    expect(page.get_by_role("link", name="intent 3", exact=True)).to_be_hidden()
    search.press("Enter")
    expect(search).to_have_value("KEYWORD 17")
    page.get_by_role("link", name="intent 17").click()
    expect(page).to_have_title(re.compile("^intent 17"))


def test_bot_page_of_an_editor_is_without_the_secret(open_page: Open) -> None:
    """An editor reads where answers come from, and changes it not."""
    restore_groups()
    bot = create_bot()
    page = open_page(bot_page(bot), member_of("Editor"))
    section(page, "A chatbot elsewhere")
    expect(page.get_by_text("the intents of this bot", exact=True)).to_be_visible()
    expect(page.get_by_text(bot.secret)).to_have_count(0)
    expect(page.locator("[name=backend]")).to_have_count(0)


def test_bot_page_of_a_supervisor_has_nothing_to_fill_in(open_page: Open) -> None:
    """A supervisor reads."""
    restore_groups()
    page = open_page(bot_page(full_bot()), member_of("Supervisor"), width=390)
    section(page, "When the bot does not understand")
    expect(page.get_by_text("Pardon?").first).to_be_visible()
    expect(page.get_by_role("button", name="Save")).to_have_count(0)
    expect(page.locator("#content-main textarea")).to_have_count(0)
    assert not overflows(page)
