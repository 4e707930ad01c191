"""The page that tells what the bot of today would have said."""

from http import HTTPStatus

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from calls.admin import what_if
from chatbot.actions import TRANSFER
from chatbot.models import Bot
from tests.calls.admin.people import holder, member
from tests.calls.recorded import record_call, record_many
from tests.chatbot.admin.sending import intent_page, text_of
from tests.chatbot.bots import create_bot, create_intent

pytestmark = pytest.mark.django_db


@pytest.fixture
def bot(db: None) -> Bot:
    bot = create_bot()
    create_intent(bot, "hours", "opening hours", reply="From nine to five.")
    return bot


@pytest.fixture
def editor(db: None) -> Client:
    return member("Editor")


def page_of(bot: Bot) -> str:
    return reverse("admin:chatbot_bot_what_if", args=[bot.pk])


def shown(client: Client, bot: Bot, query: str = "") -> str:
    return text_of(client.get(f"{page_of(bot)}?{query}"))


def test_page_tells_that_all_is_alike(editor: Client, bot: Bot) -> None:
    """Nothing was changed."""
    record_call(bot, "opening hours")
    assert "Nothing would differ: 1 answer in 1 call." in shown(editor, bot)


def test_page_shows_both_answers_and_why(editor: Client, bot: Bot) -> None:
    """What was said, then, now, and the reason."""
    record_call(bot, "flying fish")
    create_intent(bot, "fish", "fish", reply="We have none.")
    page = shown(editor, bot)
    assert "1 of 1 answer would differ, in 1 of 1 call." in page
    assert "another meaning: 1 understood only now: 1" in page
    assert "flying fish Then not understood Pardon? Now fish We have none." in page
    assert "Keyword “fish”" in page


def test_page_leads_to_the_call_and_to_the_intent(editor: Client, bot: Bot) -> None:
    """To the very turn."""
    call = record_call(bot, "flying fish")
    intent = create_intent(bot, "fish", "fish")
    page = editor.get(page_of(bot)).content.decode()
    assert f'href="{reverse("admin:calls_call_change", args=[call.pk])}#turn-2"' in page
    assert f'href="{intent_page(intent)}"' in page


def test_page_names_the_action(editor: Client, bot: Bot) -> None:
    """In the words in which the editor chose it."""
    record_call(bot, "opening hours")
    bot.intents.get().replies.update(action=TRANSFER, parameter="+31201234567")
    bot.save()
    page = shown(editor, bot)
    assert "another action: 1" in page
    assert "then connects the caller to +31201234567" in page


def test_page_tells_of_what_would_not_be_said_any_more(editor: Client, bot: Bot) -> None:
    """The call would be over."""
    record_call(bot, "opening hours", "purple", "green")
    bot.intents.get().replies.update(action="hangup")
    bot.save()
    assert "The call would end here: the caller said 2 things more." in shown(editor, bot)


def test_as_many_calls_are_replayed_as_are_chosen(editor: Client, bot: Bot) -> None:
    """Ten, fifty or two hundred; of anything else, fifty."""
    record_many(bot, 60, ["purple"])
    assert "10 answers in 10 calls" in shown(editor, bot, "calls=10")
    assert "60 answers in 60 calls" in shown(editor, bot, "calls=200")
    assert "50 answers in 50 calls" in shown(editor, bot, "calls=1000000")


def test_page_of_a_bot_without_calls(editor: Client, bot: Bot) -> None:
    """There is nothing to replay."""
    assert "No caller has spoken to this bot yet." in shown(editor, bot)


def test_page_of_a_bot_whose_answers_come_from_elsewhere(editor: Client, bot: Bot) -> None:
    """It is not asked again."""
    Bot.objects.update(backend="http", backend_url="http://chatbot.internal/")
    assert "nothing can be replayed here" in shown(editor, bot)


def test_long_list_is_cut(editor: Client, bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    """The counts are of all."""
    monkeypatch.setattr(what_if, "MAX_SHOWN", 2)
    record_call(bot, *["flying fish"] * 5)
    create_intent(bot, "fish", "fish")
    page = shown(editor, bot)
    assert "5 of 5 answers would differ" in page
    assert "And 3 more." in page


def test_markup_in_what_was_said_is_shown_not_run(editor: Client, bot: Bot) -> None:
    """A caller cannot write into the editor's page."""
    record_call(bot, "<script>x</script> fish")
    create_intent(bot, "fish", "fish")
    assert "<script>x" not in editor.get(page_of(bot)).content.decode()


def test_number_of_a_caller_is_hidden_from_an_editor(editor: Client, bot: Bot) -> None:
    """Wherever it was said."""
    record_call(bot, "ring +31612345678", number="+31612345678")
    create_intent(bot, "ring", "ring {number:phone}", reply="I ring {number}.")
    page = shown(editor, bot)
    assert "ring [number]" in page
    assert "12345678" not in page.replace(" ", "").replace(",", "")


def test_number_of_a_caller_is_shown_to_a_supervisor(bot: Bot) -> None:
    """As in the transcript."""
    record_call(bot, "ring 0612345678", number="+31612345678")
    create_intent(bot, "ring", "ring")
    assert "ring 0612345678" in shown(member("Supervisor"), bot)


def test_page_takes_no_forms(editor: Client, bot: Bot) -> None:
    """It changes nothing."""
    assert editor.post(page_of(bot)).status_code == HTTPStatus.METHOD_NOT_ALLOWED


@pytest.mark.parametrize("permission", ["view_bot", "view_call"])
def test_who_may_not_read_bots_and_calls_sees_no_replay(bot: Bot, permission: str) -> None:
    """Both are needed."""
    assert holder(permission).get(page_of(bot)).status_code == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize("rows", [1, 200])
def test_queries_do_not_grow_with_the_rows(
    editor: Client, bot: Bot, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Calls, turns and differences."""
    record_many(bot, rows, ["flying fish"])
    create_intent(bot, "fish", "fish")
    editor.get(page_of(bot))  # compiles the bot
    with django_assert_num_queries(8):
        assert editor.get(f"{page_of(bot)}?calls=200").status_code == HTTPStatus.OK
