"""An intent without its rows, as a form takes it."""

import pytest
from django.test import Client

from chatbot.models import Intent
from tests.chatbot.admin.sending import (
    ADD_INTENT,
    intent_form,
    intent_page,
    reply,
    text_of,
)
from tests.chatbot.bots import create_bot, create_intent

pytestmark = pytest.mark.django_db


def test_intent_does_not_follow_one_of_another_bot(admin_client: Client) -> None:
    """It would never be considered."""
    stranger = create_intent(create_bot("Other"), "stranger")
    response = admin_client.post(ADD_INTENT, intent_form(create_bot(), follows=str(stranger.pk)))
    assert "An intent can only follow intents of its own bot." in text_of(response)


def test_intent_does_not_follow_itself(admin_client: Client) -> None:
    """It could never be reached."""
    bot = create_bot()
    intent = create_intent(bot, "hello")
    form = intent_form(bot, name="hello", follows=str(intent.pk))
    response = admin_client.post(intent_page(intent), form)
    assert "An intent can only follow intents of its own bot." in text_of(response)


def test_intent_with_a_bot_that_there_is_not_is_refused(admin_client: Client) -> None:
    """A form that was sent by hand gets an answer, not a fault."""
    form = {**intent_form(create_bot()), "bot": "no bot"}
    response = admin_client.post(ADD_INTENT, form)
    assert "Select a valid choice." in text_of(response)


def test_intent_of_no_bot_yet_has_nothing_to_follow(admin_client: Client) -> None:
    """The editor is told where to begin."""
    create_intent(create_bot(), "hello")
    shown = text_of(admin_client.get(ADD_INTENT))
    assert "Begin at the page of a bot" in shown
    assert "hello" not in shown


def test_intent_is_moved_to_another_bot(admin_client: Client) -> None:
    """An intent that nobody counts on can be moved."""
    intent = create_intent(create_bot(), "hello")
    other = create_bot("Other")
    admin_client.post(intent_page(intent), intent_form(other))
    intent.refresh_from_db()
    assert intent.bot == other


def test_intent_is_not_moved_with_what_it_follows(admin_client: Client) -> None:
    """What it followed stays behind: the list is that of the other bot."""
    bot, other = create_bot(), create_bot("Other")
    before = create_intent(bot, "before")
    intent = create_intent(bot, "hello")
    intent.follows.add(before)
    there = create_intent(other, "there")
    response = admin_client.post(intent_page(intent), intent_form(other, follows=str(before.pk)))
    assert "An intent can only follow intents of its own bot." in text_of(response)
    assert list(response.context["adminform"].form.fields["follows"].queryset) == [there]


def test_intent_is_not_moved_away_from_its_followers(admin_client: Client) -> None:
    """Followers would follow an intent of another bot."""
    bot = create_bot()
    intent = create_intent(bot, "hello")
    create_intent(bot, "good").follows.add(intent)
    response = admin_client.post(intent_page(intent), intent_form(create_bot("Other")))
    assert "It cannot be moved to another bot: it is followed by “good”." in text_of(response)
    assert Intent.objects.get(pk=intent.pk).bot == bot


def test_intent_is_not_moved_away_from_replies_that_go_to_it(admin_client: Client) -> None:
    """The replies would go nowhere."""
    bot = create_bot()
    intent = create_intent(bot, "hello")
    create_intent(bot, "good").replies.create(action="goto", parameter="hello")
    response = admin_client.post(intent_page(intent), intent_form(create_bot("Other")))
    assert "replies of “good” go to it." in text_of(response)


def test_intent_is_not_moved_away_from_what_its_replies_go_to(admin_client: Client) -> None:
    """The other bot has no such intent."""
    bot = create_bot()
    create_intent(bot, "good")
    intent = create_intent(bot, "hello")
    form = intent_form(create_bot("Other"), replies=(reply("", "goto", "good"),))
    response = admin_client.post(intent_page(intent), form)
    assert "This bot has no intent “good”." in text_of(response)


def test_intent_with_the_name_of_another_is_refused(admin_client: Client) -> None:
    """Replies go to intents by their name."""
    bot = create_bot()
    create_intent(bot, "weather")
    shown = text_of(admin_client.post(ADD_INTENT, intent_form(bot)))
    assert "This bot already has an intent with this name." in shown
