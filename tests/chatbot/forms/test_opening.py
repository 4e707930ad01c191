"""When a bot answers, as a form takes it."""

import pytest
from django.test import Client

from chatbot.models import ClosedDay, OpeningTime
from tests.chatbot.admin.sending import bot_form, bot_page, rows, text_of
from tests.chatbot.bots import create_bot

pytestmark = pytest.mark.django_db

CHRISTMAS = {"day": "2026-12-25", "name": "Christmas"}


def test_opening_time_may_end_at_midnight(admin_client: Client) -> None:
    """00:00 is the end of the day where it is the end of the row."""
    bot = create_bot()
    hours = rows("opening_times", {"weekday": "5", "opens": "20:00", "closes": "00:00"})
    admin_client.post(bot_page(bot), bot_form(bot, **hours))
    assert str(OpeningTime.objects.get()) == "Saturday 20:00–00:00"


def test_opening_time_that_closes_first_is_refused(admin_client: Client) -> None:
    """The editor is told where the rest of the night goes."""
    bot = create_bot()
    hours = rows("opening_times", {"weekday": "5", "opens": "20:00", "closes": "02:00"})
    response = admin_client.post(bot_page(bot), bot_form(bot, **hours))
    assert "Past midnight is the next day's row." in text_of(response)


def test_closed_day_twice_in_one_form_is_refused(admin_client: Client) -> None:
    """The database would refuse it with a fault."""
    bot = create_bot()
    days = rows("closed_days", CHRISTMAS, CHRISTMAS)
    response = admin_client.post(bot_page(bot), bot_form(bot, **days))
    assert "Please correct the duplicate data" in text_of(response)
    assert not ClosedDay.objects.exists()


def test_closed_day_that_is_there_already_is_refused(admin_client: Client) -> None:
    """A day is closed once."""
    bot = create_bot()
    bot.closed_days.create(day="2026-12-25")
    response = admin_client.post(bot_page(bot), bot_form(bot, **rows("closed_days", CHRISTMAS)))
    assert "This day is in the list already." in text_of(response)
