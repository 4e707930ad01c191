"""A bot is tried in a browser."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from chatbot.models import Bot, Reply
from chatbot.starter import create_starter_bot
from tests.browser.conftest import Open, overflows
from tests.chatbot.bots import create_bot, create_intent


def page_of(bot: Bot) -> str:
    return reverse("admin:chatbot_bot_try_it", args=[bot.pk])


def say(page: Page, text: str) -> None:
    page.get_by_label("The caller says").fill(text)
    page.keyboard.press("Enter")


def test_chat_answers_and_says_why(open_page: Open) -> None:
    """Typed and sent by return; the page stays, and so does the focus."""
    page = open_page(page_of(create_starter_bot("en")))
    log = page.get_by_role("log")
    expect(log).to_contain_text("How can I help you?")
    say(page, "hello there")
    expect(log).to_contain_text("Hi, how are you?")
    expect(log).to_contain_text("“hello”")
    expect(page.get_by_label("The caller says")).to_be_focused()
    expect(page.get_by_label("The caller says")).to_have_value("")
    say(page, "good")
    expect(log).to_contain_text("Nice, I am happy for you.")
    log.get_by_role("link", name="hello", exact=True).first.click()
    expect(page).to_have_title("hello | Change intent | Phone bot")


def test_chat_ends_with_the_call_and_starts_over(open_page: Open) -> None:
    """After the goodbye there is nothing to say, and the focus is where it goes on."""
    page = open_page(page_of(create_starter_bot("en")))
    say(page, "goodbye")
    expect(page.get_by_role("log")).to_contain_text("The bot would now hang up.")
    expect(page.get_by_text("The call is over.")).to_be_visible()
    expect(page.get_by_label("The caller says")).to_be_hidden()
    expect(page.get_by_role("button", name="Start over")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_label("The caller says")).to_be_focused()
    expect(page.get_by_role("log")).not_to_contain_text("goodbye")


def test_chat_of_a_silence(open_page: Open) -> None:
    """A button says nothing."""
    page = open_page(page_of(create_starter_bot("en")))
    page.get_by_role("button", name="Say nothing").click()
    expect(page.get_by_role("log")).to_contain_text("The caller says nothing for 8 seconds.")
    expect(page.get_by_role("log")).to_contain_text("Are you still there?")


def test_chat_by_keys(open_page: Open) -> None:
    """Pressed on the keypad of the page; the hash sends them."""
    bot = create_bot()
    create_intent(bot, "order", "{order:digits}", reply="Order {order}.")
    page = open_page(page_of(bot))
    page.get_by_text("Keys of the telephone").click()
    for key in ("4", "7"):
        page.get_by_role("button", name=key, exact=True).click()
    expect(page.get_by_label("The caller presses")).to_have_value("47")
    page.get_by_role("button", name="hash").click()
    expect(page.get_by_role("log")).to_contain_text("Order 4 7.")


def test_chat_of_a_transfer_that_nobody_answers(open_page: Open) -> None:
    """The caller is away, and comes back."""
    bot = create_bot()
    create_intent(bot, "help", "help").replies.update(action="transfer", parameter="+31201234567")
    page = open_page(page_of(bot))
    say(page, "help")
    expect(page.get_by_role("log")).to_contain_text("be connected to +31201234567")
    expect(page.get_by_role("button", name="Nobody answers there")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("log")).to_contain_text("nobody is available at the moment")
    expect(page.get_by_label("The caller says")).to_be_focused()


def test_chat_scrolls_by_itself(open_page: Open) -> None:
    """A long one leaves the page as long as it is, without an empty space below."""
    page = open_page(page_of(create_starter_bot("en")))
    for turn in range(8):
        say(page, "hello")
        expect(page.locator(".is-caller")).to_have_count(turn + 1)
    length, log = page.evaluate(
        "[document.documentElement.scrollHeight, document.querySelector('[role=log]').scrollHeight]"
    )
    assert length < log


def test_chat_says_what_is_wrong(open_page: Open) -> None:
    """An alert, which goes with the next step."""
    page = open_page(page_of(create_starter_bot("en")))
    say(page, " ")
    expect(page.get_by_role("alert")).to_contain_text("Write what the caller says")
    say(page, "hello")
    expect(page.get_by_role("log")).to_contain_text("Hi, how are you?")
    expect(page.get_by_role("alert")).to_be_hidden()


def test_chat_tells_that_the_bot_was_changed(open_page: Open) -> None:
    """Whoever comes back from another window is told before the next answer."""
    bot = create_starter_bot("en")
    page = open_page(page_of(bot))
    Reply.objects.get(text__startswith="Hi").delete()
    version = Bot.objects.get().version
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_role("status")).to_contain_text(
        f"the next answer comes from version {version}"
    )
    say(page, "hello")
    expect(page.get_by_role("log")).to_contain_text(f"from here on version {version} answers")
    expect(page.get_by_role("status")).to_be_empty()


def test_chat_without_the_server(open_page: Open) -> None:
    """What was typed stays, to be sent again."""
    page = open_page(page_of(create_starter_bot("en")))
    page.context.set_offline(True)
    say(page, "hello")
    expect(page.get_by_role("alert")).to_contain_text("The server cannot be reached.")
    expect(page.get_by_label("The caller says")).to_have_value("hello")
    page.context.set_offline(False)
    page.keyboard.press("Enter")
    expect(page.get_by_role("log")).to_contain_text("Hi, how are you?")


def test_chat_with_a_closed_bot(open_page: Open) -> None:
    """What callers would hear; the chat is a click away."""
    bot = create_starter_bot("en")
    today = timezone.now().date()
    for day in (today, today + timedelta(days=1)):  # it may be midnight meanwhile
        bot.closed_days.create(day=day)
    page = open_page(page_of(bot))
    expect(page.get_by_text("We are closed at the moment.")).to_be_visible()
    expect(page.get_by_role("log")).to_have_count(0)
    page.get_by_role("link", name="Talk to it all the same").click()
    # The script shows them: from then on it is the script that sends what is typed.
    expect(page.get_by_text("Keys of the telephone")).to_be_visible()
    say(page, "hello")
    expect(page.get_by_role("log")).to_contain_text("Hi, how are you?")


def test_chat_of_a_user_who_may_only_look(open_page: Open) -> None:
    """Trying changes nothing, so that viewing is enough."""
    bot = create_starter_bot("en")
    user = User.objects.create_user("viewer", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_bot"))
    page = open_page(page_of(bot), user)
    say(page, "hello")
    expect(page.get_by_role("log")).to_contain_text("Hi, how are you?")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_chat_fits_the_window(open_page: Open, width: int, scheme: str) -> None:
    """Even with a word that is longer than a line."""
    bot = create_starter_bot("en")
    page = open_page(page_of(bot), width=width, scheme=scheme)
    page.get_by_text("Keys of the telephone").click()
    say(page, "hello " + "x" * 200)
    expect(page.get_by_role("log")).to_contain_text("Hi, how are you?")
    assert not overflows(page)
