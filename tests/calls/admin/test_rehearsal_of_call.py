"""The button that makes a rehearsal of a call."""

from http import HTTPStatus

import pytest
from django.test import Client
from django.urls import reverse

from calls.models import Call
from chatbot.models import Bot, Rehearsal
from tests.calls.admin.people import member
from tests.calls.recorded import NUMBER, record_call
from tests.chatbot.admin.sending import text_of
from tests.chatbot.bots import create_bot, create_intent

pytestmark = pytest.mark.django_db

BUTTON = "Make a rehearsal of this call"


@pytest.fixture
def bot(db: None) -> Bot:
    bot = create_bot()
    create_intent(bot, "hours", "opening hours")
    return bot


def address(call: Call) -> str:
    return reverse("admin:calls_call_rehearsal", args=[call.pk])


def page(client: Client, call: Call) -> str:
    return text_of(client.get(reverse("admin:calls_call_change", args=[call.pk])))


def made(client: Client, call: Call) -> str:
    return text_of(client.post(address(call), follow=True))


def test_editor_makes_a_rehearsal_by_one_click(bot: Bot) -> None:
    """The page of the call says so."""
    editor, call = member("Editor"), record_call(bot, "opening hours")
    assert BUTTON in page(editor, call)
    shown = made(editor, call)
    assert "is now a rehearsal of Test bot." in shown
    assert "What was said" in shown
    assert Rehearsal.objects.get().bot == bot


def test_editor_is_told_what_is_not_as_in_the_call(bot: Bot) -> None:
    """Each peculiarity in a sentence."""
    call = record_call(bot, "opening hours", "", f"ring {NUMBER}")
    bot.intents.get().keywords.all().delete()
    bot.save()
    shown = made(member("Editor"), call)
    assert "It is red" in shown
    assert "What nobody could make out, 1 time in this call, is no part of it." in shown
    assert "The caller’s own number was said in this call" in shown


def test_call_in_which_nothing_was_said_gives_no_rehearsal(bot: Bot) -> None:
    """With the reason."""
    shown = made(member("Editor"), record_call(bot, None))
    assert "The caller said nothing in this call that could be rehearsed." in shown


def test_call_of_a_deleted_bot_has_no_button(bot: Bot) -> None:
    """Nobody would rehearse; a form that was open is answered with the reason."""
    editor, call = member("Editor"), record_call(bot, "opening hours")
    bot.delete()
    assert BUTTON not in page(editor, call)
    assert "The bot of this call was deleted" in made(editor, call)


def test_supervisor_makes_no_rehearsal(bot: Bot) -> None:
    """He edits no bot."""
    supervisor, call = member("Supervisor"), record_call(bot, "opening hours")
    assert BUTTON not in page(supervisor, call)
    assert supervisor.post(address(call)).status_code == HTTPStatus.FORBIDDEN
    assert not Rehearsal.objects.exists()


def test_rehearsal_is_not_made_by_a_link(bot: Bot) -> None:
    """Only by a form."""
    response = member("Editor").get(address(record_call(bot, "opening hours")))
    assert response.status_code == HTTPStatus.METHOD_NOT_ALLOWED


def test_call_that_is_none_is_not_found(bot: Bot) -> None:
    """It was deleted meanwhile."""
    response = member("Editor").post(reverse("admin:calls_call_rehearsal", args=[1]))
    assert response.status_code == HTTPStatus.NOT_FOUND
