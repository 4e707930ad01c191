"""The page of an intent, and the list of them."""

import logging
from http import HTTPStatus

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings
from reversion.models import Revision

from chatbot.models import Intent
from tests.chatbot.admin.sending import (
    ADD_INTENT,
    EARS,
    INTENTS,
    bot_page,
    intent_form,
    intent_page,
    reply,
    rows,
    text_of,
)
from tests.chatbot.bots import create_bot, create_intent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ears(settings: Settings) -> None:
    settings.CHATBOT_KEYWORD_CHECKS = [EARS]
    settings.CHATBOT_HEARS_KEYS = True


def test_intent_list_shows_keywords_and_reply(admin_client: Client) -> None:
    """An editor sees at a glance what leads to what."""
    create_intent(create_bot(), "hello", "hi", "hey", reply="Well met.")
    assert "hello Test bot hi, hey Well met." in text_of(admin_client.get(INTENTS))


@pytest.mark.parametrize("words", ["weather", "sunny", "rains"])
def test_intent_list_is_searched_by_name_keyword_and_reply(
    admin_client: Client, words: str
) -> None:
    """Whatever an editor remembers of an intent finds it."""
    bot = create_bot()
    create_intent(bot, "weather", "sunny", reply="It rains.")
    create_intent(bot, "elsewhere", "other", reply="No.")
    shown = text_of(admin_client.get(INTENTS, {"q": words}))
    assert "weather Test bot sunny" in shown
    assert "elsewhere" not in shown


@pytest.mark.parametrize("page", ["list", "intent"])
def test_pages_of_intents_take_the_same_queries_for_one_row_and_200(
    admin_client: Client, page: str
) -> None:
    """A long list is no slower to query than a short one."""
    bot = create_bot()
    intent = create_intent(bot, "first", "first")
    address = {"list": INTENTS, "intent": intent_page(intent)}[page]

    def add_rows(number: int) -> None:
        other = create_intent(bot, f"intent {number}", f"keyword {number}")
        intent.follows.add(other)
        intent.keywords.create(text=f"first {number}")
        intent.replies.create(text=f"Well {number}.", action="goto", parameter=other.name)
        intent.reprompts.create(kind="no-match", text="Pardon?")

    def queries() -> int:
        text_of(admin_client.get(address))  # a bot that was changed is compiled anew, once
        with CaptureQueriesContext(connection) as captured:
            text_of(admin_client.get(address))
        return len(captured)

    add_rows(0)
    few = queries()
    for number in range(1, 200):
        add_rows(number)
    assert queries() == few


def test_intent_page_leads_back_to_its_bot(admin_client: Client) -> None:
    """The way up goes to the bot, not to the intents of all bots."""
    bot = create_bot()
    page = admin_client.get(intent_page(create_intent(bot, "hello"))).content.decode()
    assert f'<a href="{bot_page(bot)}">Test bot</a>' in page


def test_intent_page_offers_the_other_intents_of_the_bot(admin_client: Client) -> None:
    """What can be followed and gone to: those of the bot, but not the intent itself."""
    bot = create_bot()
    own = create_intent(bot, "own")
    create_intent(bot, "sibling")
    create_intent(create_bot("Other"), "stranger")
    page = admin_client.get(intent_page(own)).content.decode()
    assert '<option value="sibling">' in page
    assert '<option value="own">' not in page
    assert "stranger" not in page


def test_new_intent_stands_behind_the_others(admin_client: Client) -> None:
    """A new intent takes no keyword from those that are there."""
    bot = create_bot()
    Intent.objects.create(bot=bot, name="last", position=6)
    page = admin_client.get(f"{ADD_INTENT}?bot={bot.pk}")
    assert page.context["adminform"].form["position"].value() == 7


def test_intent_is_saved_with_all_of_its_rows(admin_client: Client) -> None:
    """One form holds all of an intent, and its saving leads back to the bot."""
    bot = create_bot()
    before = create_intent(bot, "before", "before")
    form = intent_form(
        bot,
        "weather",
        "sunny",
        replies=(reply("It rains.", "hangup"), reply("", "goto", "before", position="1")),
        reply_order="random",
        follows=str(before.pk),
    )
    form = {**form, **rows("no_match", reply("Pardon?")), **rows("no_input", reply("Hello?"))}
    response = admin_client.post(ADD_INTENT, form)
    assert response.headers["Location"] == bot_page(bot)
    intent = Intent.objects.get(name="weather")
    assert intent.keyword_summary() == "weather, sunny"
    assert [(row.action, row.parameter) for row in intent.replies.all()] == [
        ("hangup", ""),
        ("goto", "before"),
    ]
    assert list(intent.follows.all()) == [before]
    assert intent.reply_order == Intent.ReplyOrder.RANDOM
    assert [(row.kind, row.text) for row in intent.reprompts.all()] == [
        ("no-input", "Hello?"),
        ("no-match", "Pardon?"),
    ]


def test_intent_saved_by_an_editor_without_bots_leads_to_the_list(client: Client) -> None:
    """Nobody is sent to a page that is closed to him."""
    editor = User.objects.create_user("editor", is_staff=True)
    editor.user_permissions.add(Permission.objects.get(codename="change_intent"))
    client.force_login(editor)
    bot = create_bot()
    response = client.post(intent_page(create_intent(bot, "hello")), intent_form(bot))
    assert response.headers["Location"] == INTENTS


def test_intent_deleted_leads_back_to_its_bot(admin_client: Client) -> None:
    """That is where the editor came from, and not the list of the intents of all bots."""
    intent = create_intent(create_bot(), "hello", "hi")
    response = admin_client.post(f"{INTENTS}{intent.pk}/delete/", {"post": "yes"})
    assert not Intent.objects.exists()
    assert response.headers["Location"] == bot_page(intent.bot)


def test_intent_saved_is_recorded(client: Client) -> None:
    """The history says who changed it."""
    editor = User.objects.create_user("editor", is_staff=True)
    editor.groups.add(Group.objects.get(name="Editor"))
    client.force_login(editor)
    client.post(ADD_INTENT, intent_form(create_bot(), "sunny"))
    assert Revision.objects.filter(user=editor).count() == 1


def test_intent_is_not_saved_by_a_supervisor(client: Client) -> None:
    """A supervisor reads an intent, and changes nothing."""
    supervisor = User.objects.create_user("supervisor", is_staff=True)
    supervisor.groups.add(Group.objects.get(name="Supervisor"))
    client.force_login(supervisor)
    bot = create_bot()
    intent = create_intent(bot, "hello", "hi", reply="Well met.")
    assert "Well met." in text_of(client.get(intent_page(intent)))
    response = client.post(intent_page(intent), intent_form(bot))
    assert response.status_code == HTTPStatus.FORBIDDEN


def test_intent_warns_of_keywords_that_may_not_be_heard(
    admin_client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    """The editor and the log are told, and the intent is saved all the same."""
    with caplog.at_level(logging.WARNING, "chatbot"):
        response = admin_client.post(
            ADD_INTENT, intent_form(create_bot(), "xylo", "sunny"), follow=True
        )
    assert "Unknown word: xylo." in text_of(response)
    assert "Unknown word: xylo." in caplog.text
    assert Intent.objects.exists()


def test_intent_warns_of_a_placeholder_that_nothing_fills(admin_client: Client) -> None:
    """It is saved: the keyword that fills it may come next."""
    form = intent_form(create_bot(), "sunny", replies=(reply("Thank you {name}."),))
    shown = text_of(admin_client.post(ADD_INTENT, form, follow=True))
    assert "Nothing is ever put in the place of {name}" in shown
    assert Intent.objects.exists()


@pytest.mark.parametrize("others", [False, True])
def test_intent_is_deleted_only_where_no_follow_up_becomes_general(
    admin_client: Client, others: bool
) -> None:
    """A follow-up that follows another one as well stays a follow-up."""
    bot = create_bot()
    hello, good, other = (create_intent(bot, name, name) for name in ("hello", "good", "other"))
    good.follows.add(hello, *([other] if others else []))
    address = reverse("admin:chatbot_intent_delete", args=[hello.pk])
    shown = text_of(admin_client.get(address))
    assert ("“good” follows nothing else" in shown) is not others
    admin_client.post(address, {"post": "yes"})
    assert Intent.objects.filter(pk=hello.pk).exists() is not others


def test_intent_is_deleted_together_with_its_follow_up(admin_client: Client) -> None:
    """Nobody is left who could say it at any time."""
    bot = create_bot()
    hello, good = create_intent(bot, "hello", "hello"), create_intent(bot, "good", "good")
    good.follows.add(hello)
    both = {"action": "delete_selected", "_selected_action": [hello.pk, good.pk], "post": "yes"}
    admin_client.post(INTENTS, both)
    assert not Intent.objects.exists()
