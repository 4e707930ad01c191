"""The telephone numbers of a bot, as a form takes them."""

import pytest
from django.test import Client

from chatbot.models import PhoneNumber
from tests.chatbot.admin.sending import bot_form, bot_page, rows, text_of
from tests.chatbot.bots import create_bot

pytestmark = pytest.mark.django_db


def sent(admin_client: Client, *numbers: str) -> str:
    """Return what an editor sees who gives these numbers to a bot."""
    bot = create_bot()
    form = bot_form(bot, **rows("phone_numbers", *({"number": number} for number in numbers)))
    return text_of(admin_client.post(bot_page(bot), form, follow=True))


def test_number_is_kept_as_calls_name_it(admin_client: Client) -> None:
    """However it is written, calls find it."""
    sent(admin_client, "+31 (0)20 123-4567")
    assert PhoneNumber.objects.get().number == "+31201234567"


def test_number_twice_in_one_form_is_refused(admin_client: Client) -> None:
    """Two ways to write a number are one number."""
    shown = sent(admin_client, "+31 20 123 4567", "+31201234567")
    assert "+31201234567 is in the list already." in shown
    assert not PhoneNumber.objects.exists()


def test_number_of_another_bot_is_refused(admin_client: Client) -> None:
    """A number leads to one bot."""
    create_bot("Other").phone_numbers.create(number="+31201234567")
    assert "Another bot answers this number already." in sent(admin_client, "+31 20 123 4567")


def test_number_without_its_country_is_refused(admin_client: Client) -> None:
    """The editor is told how to write it."""
    assert "Write it such as +31 20 123 4567." in sent(admin_client, "020 123 4567")
