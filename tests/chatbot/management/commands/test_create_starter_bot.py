"""`manage.py create_starter_bot`."""

from io import StringIO

import pytest
from django.core.management import call_command

from chatbot.models import Bot

pytestmark = pytest.mark.django_db


def run() -> str:
    out = StringIO()
    call_command("create_starter_bot", stdout=out)
    return out.getvalue()


def test_command_creates_the_bot() -> None:
    """A first run says what it made."""
    assert "Created the starter bot." in run()
    assert Bot.objects.get().name == "Starter bot"


def test_command_does_nothing_the_second_time() -> None:
    """A further run changes nothing, and says so."""
    run()
    assert "nothing was changed" in run()
    assert Bot.objects.count() == 1
