"""The history of a bot, in a real browser."""

import pytest
import reversion
from playwright.sync_api import Page, expect

from chatbot.models import Bot, Intent
from tests.browser.conftest import Open, overflows, superuser
from tests.chatbot.bots import create_bot, create_intent

LONG = "Antidisestablishmentarianism" * 6


def create_changes() -> Bot:
    """Save a bot with changes of every kind."""
    user = superuser()
    user.first_name, user.last_name = "Ada", "Lovelace"
    user.save()
    bot = create_bot()
    with reversion.create_revision():
        reversion.set_user(user)
        hello = create_intent(bot, "hello", "hi", reply="Hi, how are you?")
        create_intent(bot, "good", "good", reply=LONG).follows.add(hello)
    with reversion.create_revision():
        reversion.set_user(user)
        bot.threshold, bot.greeting = 90, "Good day. " * 20
        bot.save()
        reply = hello.replies.get()
        reply.text, reply.action = "Bye.", "hangup"
        reply.save()
        hello.keywords.create(text="hey")
    hello.keywords.filter(text="hi").update(text="howdy")
    with reversion.create_revision():
        reversion.set_user(user)
        hello.delete()
    return bot


def open_history(open_page: Open, bot: Bot, **how: object) -> Page:
    return open_page(f"/admin/chatbot/bot/{bot.pk}/history/", **how)


def test_history_brings_a_deleted_intent_back(open_page: Open) -> None:
    page = open_history(open_page, create_changes())
    page.get_by_role("button", name="Bring “hello” back").click()
    expect(page.locator(".messagelist")).to_contain_text("The intent “hello” was put back")
    expect(page.locator(".change").first).to_contain_text("Ada Lovelace")
    hello = Intent.objects.get(name="hello")
    assert hello.keyword_summary() == "howdy, hey"
    assert list(hello.followed_by.values_list("name", flat=True)) == ["good"]


def test_history_puts_the_bot_back(open_page: Open) -> None:
    bot = create_changes()
    page = open_history(open_page, bot)
    page.get_by_role("button", name="Put the bot back to before this change").click()
    expect(page.locator(".change").first).to_contain_text("likeness in percent: 90 → 85")
    bot.refresh_from_db()
    assert bot.threshold == 85


def test_history_of_a_form_that_was_saved(open_page: Open) -> None:
    """What an editor saves in the form of an intent stands in the history at once."""
    bot = create_bot()
    intent = create_intent(bot, "hello", "hi")
    page = open_page(f"/admin/chatbot/intent/{intent.pk}/change/")
    page.locator("#id_keywords-0-text").fill("hey")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    page.get_by_role("link", name="History").first.click()
    expect(page.locator(".change").first).to_contain_text("keyword “hi” became “hey”")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_history_fits_its_window(open_page: Open, width: int, scheme: str) -> None:
    page = open_history(open_page, create_changes(), width=width, scheme=scheme)
    assert not overflows(page)
