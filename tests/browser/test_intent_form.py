"""The page of an intent, as an editor uses it."""

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from chatbot.models import Bot, Intent
from tests.browser.conftest import Open, overflows
from tests.chatbot.bots import create_bot, create_intent

LOOKS = [(width, scheme) for width in (390, 1280) for scheme in ("light", "dark")]


def intent_page(intent: Intent) -> str:
    return reverse("admin:chatbot_intent_change", args=[intent.pk])


def add_page(bot: Bot) -> str:
    return f"{reverse('admin:chatbot_intent_add')}?bot={bot.pk}"


def reply(page: Page, number: int) -> Locator:
    """Return the row of a reply."""
    return page.locator(f"#replies-{number}")


def choose(row: Locator, action: str) -> None:
    row.get_by_label("Then:").select_option(action)


def large_intent() -> Intent:
    """Create an intent with rows of all kinds, in a bot of 500."""
    bot = create_bot()
    Intent.objects.bulk_create(
        Intent(bot=bot, name=f"intent {number} of a rather long name", position=number)
        for number in range(500)
    )
    intent = create_intent(bot, "order", "my order is {order:digits}", "1")
    intent.replies.create(text="Thanks.", action="transfer", parameter="+31201234567")
    intent.replies.create(action="goto", parameter="intent 7 of a rather long name")
    intent.replies.create(text="See you.", action="sms", parameter="Your order {order}. " * 20)
    intent.reprompts.create(kind="no-match", text="What is the number of your order?")
    intent.reprompts.create(kind="no-input", text="Hello?", action="hangup")
    return intent


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_intent_page_fits_the_window(open_page: Open, width: int, scheme: str) -> None:
    """Nobody scrolls sideways, with all that can be opened opened."""
    page = open_page(intent_page(large_intent()), width=width, scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
    assert not overflows(page)


def test_action_shows_the_fields_that_it_needs(open_page: Open) -> None:
    """Under the names that they have for that action."""
    page = open_page(add_page(create_bot()))
    row = reply(page, 0)
    expect(row.locator(".field-parameter")).to_be_hidden()
    expect(row.locator(".field-otherwise")).to_be_hidden()
    choose(row, "Transfer the call")
    expect(row.get_by_label("Number:")).to_be_visible()
    expect(row.get_by_text("Empty: the transfer number of the bot.")).to_be_visible()
    expect(row.get_by_label("Said if that fails:")).to_be_visible()
    choose(row, "Send an SMS to the caller")
    expect(row.get_by_label("Text of the SMS:")).to_be_visible()
    expect(row.get_by_label("Said if that fails:")).to_be_hidden()
    choose(row, "Hang up after saying this")
    expect(row.locator(".field-parameter")).to_be_hidden()


def test_action_keeps_what_was_written_while_another_is_looked_at(open_page: Open) -> None:
    """To look at what else there is costs nothing."""
    page = open_page(add_page(create_bot()))
    row = reply(page, 0)
    choose(row, "Transfer the call")
    row.get_by_label("Number:").fill("+31201234567")
    choose(row, "Send an SMS to the caller")
    choose(row, "Transfer the call")
    expect(row.get_by_label("Number:")).to_have_value("+31201234567")


def test_action_of_a_new_row_shows_its_fields_too(open_page: Open) -> None:
    """A row that is added by script is like those that came with the page."""
    bot = create_bot()
    create_intent(bot, "hello", "hello")
    page = open_page(add_page(bot), width=390)
    page.get_by_label("Name:", exact=True).fill("weather")
    reply(page, 0).get_by_label("Text:").fill("It rains.")
    page.get_by_role("button", name="Add another Reply").click()
    row = reply(page, 1)
    expect(row.locator(".field-parameter")).to_be_hidden()
    choose(row, "Go to an intent")
    field = row.get_by_label("Name of the intent:")
    expect(field).to_have_attribute("list", "intent-names")
    field.fill("hello")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("was added successfully")).to_be_visible()
    replies = Intent.objects.get(name="weather").replies.all()
    assert [(row.text, row.action, row.parameter) for row in replies] == [
        ("It rains.", "", ""),
        ("", "goto", "hello"),
    ]


def test_action_is_refused_beside_its_field(open_page: Open) -> None:
    """The editor sees the sentence where the fault is, and mends it there."""
    page = open_page(add_page(create_bot()))
    page.get_by_label("Name:", exact=True).fill("weather")
    row = reply(page, 0)
    choose(row, "Go to an intent")
    row.get_by_label("Name of the intent:").fill("nowhere")
    page.get_by_role("button", name="Save", exact=True).click()
    fault = reply(page, 0).locator(".field-parameter", has_text="has no intent “nowhere”")
    expect(fault).to_be_visible()
    expect(reply(page, 0).get_by_label("Name of the intent:")).to_have_value("nowhere")


def test_reprompt_shows_the_fields_of_its_action(open_page: Open) -> None:
    """What is said when nothing was understood is a row like any other."""
    intent = create_intent(create_bot(), "hello", "hello")
    page = open_page(intent_page(intent))
    page.locator("summary", has_text="is not understood").click()
    page.locator("#no_match-group .add-row a").click()
    row = page.locator("#no_match-0")
    choose(row, "Play a recording")
    row.get_by_label("Address of the recording:").fill("https://example.com/jingle.mp3")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    assert intent.reprompts.get().parameter == "https://example.com/jingle.mp3"


def test_follows_is_searched_among_500(open_page: Open) -> None:
    """On a phone: search, tick, save; what was ticked stands first then."""
    intent = large_intent()
    page = open_page(intent_page(intent), width=390)
    search = page.get_by_role("searchbox", name="Search in Follows")
    search.fill("intent 321")
    expect(page.get_by_text("1 of 500")).to_be_visible()
    page.get_by_role("checkbox", name="intent 321").check()
    expect(page.get_by_text("1 of 500, 1 ticked")).to_be_visible()
    search.fill("")
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    assert intent.follows.get().name == "intent 321 of a rather long name"
    expect(page.locator(".choices [type=checkbox]").first).to_be_checked()


def test_help_names_the_kinds_of_blanks(open_page: Open) -> None:
    """An editor learns them beside the keywords."""
    page = open_page(add_page(create_bot()), width=390)
    page.get_by_text("Blanks and keys in keywords").click()
    expect(page.locator(".note dd").get_by_text("digits, such as an order number")).to_be_visible()


def test_what_is_expected_next_is_unfolded_where_it_is_written(open_page: Open) -> None:
    """Nobody overlooks it; parts in which nothing is written stay folded."""
    intent = create_intent(create_bot(), "order", "order")
    intent.replies.update(expects="digits")
    row = reply(open_page(intent_page(intent)), 0)
    expected = row.get_by_label("Expected next:", exact=True)
    expect(expected).to_have_value("digits")
    expect(expected).to_be_visible()
    expect(row.get_by_label("Voice:")).to_be_hidden()
