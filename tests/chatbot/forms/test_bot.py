"""A bot without its rows, as a form takes it."""

import pytest
from django.test import Client

from chatbot.models import Bot
from tests.chatbot.admin.sending import ADD_BOT, bot_form, bot_page, text_of
from tests.chatbot.bots import create_bot, create_intent

pytestmark = pytest.mark.django_db


def test_bot_suggests_time_zones(admin_client: Client) -> None:
    """Nobody knows their names by heart."""
    page = admin_client.get(ADD_BOT).content.decode()
    assert 'list="time_zone-suggestions"' in page
    assert '<option value="Europe/Amsterdam">' in page


def test_bot_refuses_an_unknown_time_zone(admin_client: Client) -> None:
    """What is not suggested is no time zone."""
    bot = create_bot()
    response = admin_client.post(bot_page(bot), bot_form(bot, time_zone="Middle/Earth"))
    assert "“Middle/Earth” is not a time zone." in text_of(response)


def test_bot_that_answers_all_other_numbers_is_one(admin_client: Client) -> None:
    """A second one is refused, and the first stays."""
    Bot.objects.filter(pk=create_bot("First").pk).update(is_default=True)
    bot = create_bot()
    response = admin_client.post(bot_page(bot), bot_form(bot, is_default="on"))
    assert "Another bot answers all other numbers already." in text_of(response)


def test_bot_elsewhere_needs_an_address(admin_client: Client) -> None:
    """A chatbot without an address would answer nobody."""
    bot = create_bot()
    response = admin_client.post(bot_page(bot), bot_form(bot, backend="http"))
    assert "Write the address of the chatbot that is to answer." in text_of(response)


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["a"], "“a” transfer callers"),
        (["a", "b"], "“a” and “b” transfer callers"),
        (["a", "b", "c"], "“a”, “b” and “c” transfer callers"),
        (["a", "b", "c", "d", "e"], "“a”, “b”, “c” and 2 more transfer callers"),
    ],
)
def test_bot_keeps_the_number_that_replies_transfer_to(
    admin_client: Client, names: list[str], said: str
) -> None:
    """Replies without a number of their own count on that of the bot."""
    bot = create_bot()
    Bot.objects.filter(pk=bot.pk).update(transfer_number="+31201234567")
    for name in names:
        create_intent(bot, name).replies.create(action="transfer")
    response = admin_client.post(bot_page(bot), bot_form(bot, transfer_number=""))
    assert f"{said} to this number." in text_of(response)


def test_bot_lets_go_of_a_number_that_no_reply_needs(admin_client: Client) -> None:
    """A reply with a number of its own does not count."""
    bot = create_bot()
    Bot.objects.filter(pk=bot.pk).update(transfer_number="+31201234567")
    create_intent(bot, "a").replies.create(action="transfer", parameter="+31207654321")
    admin_client.post(bot_page(bot), bot_form(bot, transfer_number=""))
    bot.refresh_from_db()
    assert bot.transfer_number == ""
