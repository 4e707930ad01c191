"""The rehearsals of a bot, in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from chatbot.models import Bot, Rehearsal
from chatbot.rehearsals import rehearsals_run_all
from tests.browser.conftest import Open, overflows
from tests.chatbot.bots import create_bot, create_intent


def create_small_bot() -> Bot:
    bot = create_bot()
    create_intent(bot, "hello", "hi", reply="Hi, how are you?")
    bye = create_intent(bot, "bye", "bye", reply="So long.")
    bye.replies.update(action="hangup")
    return bot


def rehearse(bot: Bot, name: str = "A short call") -> Rehearsal:
    """Save a rehearsal that is green, and run it."""
    rehearsal = Rehearsal.objects.create(bot=bot, name=name)
    rehearsal.lines.create(position=1, says="hi", intent_name="hello", reply="how are you")
    rehearsal.lines.create(position=2, says="")
    rehearsal.lines.create(position=3, says="bye", intent_name="bye", action="hangup")
    rehearsals_run_all(bot)
    return rehearsal


def break_by_form(open_page: Open, bot: Bot, **how: object) -> Page:
    """Change the keyword of an intent, as an editor does; return the page of the bot."""
    intent = bot.intents.get(name="hello")
    page = open_page(f"/admin/chatbot/intent/{intent.pk}/change/", **how)
    page.locator("#id_keywords-0-text").fill("good day")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    return page


def test_rehearsal_turns_red_at_the_save_that_breaks_it(open_page: Open) -> None:
    """The page of the bot says so, and from there one gets to the change."""
    bot = create_small_bot()
    rehearse(bot)
    page = break_by_form(open_page, bot)
    link = page.locator(".bot-pages").get_by_role("link", name="Rehearsals")
    expect(link).to_contain_text("0 of 1 green")
    link.click()
    expect(page.locator(".rehearsal")).to_contain_text("keyword “hi” became “good day”")
    page.get_by_role("link", name="the change of").click()
    expect(page.locator(".change:target")).to_contain_text("keyword “hi” became “good day”")


def test_rehearsal_turns_green_again(open_page: Open) -> None:
    bot = create_small_bot()
    rehearse(bot)
    page = break_by_form(open_page, bot)
    page.get_by_role("link", name="History").first.click()
    page.get_by_role("button", name="Put “hello” back to before this change").click()
    expect(page.locator(".messagelist")).to_contain_text("“hello”")
    page.locator(".bot-pages").get_by_role("link", name="Rehearsals").click()
    expect(page.get_by_role("status")).to_have_text("1 of 1 green")


def test_rehearsal_is_written_by_hand(open_page: Open) -> None:
    bot = create_small_bot()
    page = open_page(f"/admin/chatbot/bot/{bot.pk}/rehearsals/")
    page.get_by_role("link", name="Add rehearsal").click()
    page.get_by_label("Name:").fill("A call")
    page.locator("#id_lines-0-says").fill("hi")
    page.locator("#id_lines-0-intent_name").fill("hello")
    page.locator("#id_lines-1-says").fill("bye")
    page.locator("#id_lines-1-intent_name").fill("bye")
    page.locator("#id_lines-1-action").select_option("hangup")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("status")).to_have_text("1 of 1 green")


def test_rehearsal_offers_the_intents_of_the_bot(open_page: Open) -> None:
    bot = create_small_bot()
    page = open_page(f"/admin/chatbot/rehearsal/add/?bot={bot.pk}")
    offered = page.evaluate(
        "Array.from(document.querySelector('#id_lines-0-intent_name').list.options, o => o.value)"
    )
    assert offered == ["hello", "bye"]


def test_rehearsals_are_run_at_a_click(open_page: Open) -> None:
    bot = create_small_bot()
    rehearse(bot)
    bot.intents.get(name="hello").keywords.all().delete()
    page = open_page(f"/admin/chatbot/bot/{bot.pk}/rehearsals/")
    expect(page.get_by_role("status")).to_have_text("0 of 1 green, 1 not run")
    page.get_by_role("button", name="Run now").click()
    expect(page.locator(".messagelist")).to_contain_text("The rehearsals were run: 0 of 1 green.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_rehearsals_fit_their_window(open_page: Open, width: int, scheme: str) -> None:
    bot = create_small_bot()
    rehearse(bot)
    rehearse(bot, "Another call with a name that says at length what it is about")
    bot.intents.get(name="bye").replies.update(action="")
    page = break_by_form(open_page, bot, width=width, scheme=scheme)
    page.goto(page.url.replace("/change/", "/rehearsals/"))
    assert not overflows(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_rehearsal_form_fits_its_window(open_page: Open, width: int, scheme: str) -> None:
    rehearsal = rehearse(create_small_bot())
    page = open_page(f"/admin/chatbot/rehearsal/{rehearsal.pk}/change/", width=width, scheme=scheme)
    assert not overflows(page)
