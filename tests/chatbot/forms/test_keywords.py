"""The keywords of an intent, as a form takes them."""

import pytest
from django.test import Client

from chatbot.models import Intent
from tests.chatbot.admin.sending import ADD_INTENT, intent_form, intent_page, rows, text_of
from tests.chatbot.bots import create_bot, create_intent

pytestmark = pytest.mark.django_db


def test_keywords_that_are_the_same_are_refused(admin_client: Client) -> None:
    """Keywords that are the same to the bot are shown to the editor side by side."""
    response = admin_client.post(ADD_INTENT, intent_form(create_bot(), "Café", "cafe!"))
    assert "This is the same keyword as “Café”." in text_of(response)
    assert not Intent.objects.exists()


def test_keyword_may_be_replaced_by_another_spelling(admin_client: Client) -> None:
    """A row that is being deleted is no duplicate."""
    bot = create_bot()
    intent = create_intent(bot, "weather", "cafe")
    deleted = {"id": str(intent.keywords.get().pk), "text": "cafe", "DELETE": "on"}
    form = {**intent_form(bot), **rows("keywords", deleted, {"text": "Café"})}
    admin_client.post(intent_page(intent), form)
    assert intent.keyword_summary() == "Café"


def test_keyword_without_words_is_refused(admin_client: Client) -> None:
    """The editor is told what a keyword is."""
    response = admin_client.post(ADD_INTENT, intent_form(create_bot(), "?!"))
    assert "“?!” has no word in it" in text_of(response)


def test_keyword_with_a_blank_of_an_unknown_kind_is_refused(admin_client: Client) -> None:
    """The editor is told which kinds there are."""
    response = admin_client.post(ADD_INTENT, intent_form(create_bot(), "order {order:colour}"))
    assert "is of the kind “colour”, which there is not" in text_of(response)


def test_keyword_may_be_a_key(admin_client: Client) -> None:
    """Keys are no words, and keywords all the same."""
    admin_client.post(ADD_INTENT, intent_form(create_bot(), "1", "*"))
    assert Intent.objects.get().keyword_summary() == "1, *"
