"""The bot that a new installation begins with."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from chatbot.dialogue import State, respond
from chatbot.loader import load_script
from chatbot.models import Bot
from chatbot.script import Action
from chatbot.starter import create_starter_bot
from tests.chatbot.bots import create_bot


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("said", "text", "action"),
    [
        ("Hello", "Hi, how are you?", Action.NONE),
        ("I am fine", "Nice, I am happy for you.", Action.NONE),
        ("not good", "Oh no, I am sorry to hear that.", Action.NONE),
        ("Bye!", "Nice talking to you.", Action.HANGUP),
        (
            "mumble",
            "Sorry, I did not understand that. Could you say it again?",
            Action.NONE,
        ),
    ],
)
def test_starter_bot_answers(said: str, text: str, action: Action) -> None:
    """The starter bot holds a small conversation."""
    bot = create_starter_bot()
    assert bot is not None
    answer, _ = respond(load_script(bot.pk), State(), said)
    assert (answer.text, answer.action) == (text, action)


@pytest.mark.django_db
def test_starter_bot_greets() -> None:
    """The first thing that callers hear is an offer."""
    bot = create_starter_bot()
    assert bot is not None
    assert (bot.name, bot.greeting) == ("Starter bot", "How can I help you?")


@pytest.mark.django_db
def test_starter_bot_is_not_created_beside_another() -> None:
    """An installation that has a bot keeps it."""
    create_bot()
    assert create_starter_bot() is None
    assert Bot.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_starter_bot_is_created_once_by_many_at_a_time() -> None:
    """Processes that start together make one bot between them."""
    barrier = Barrier(4)

    def run(_: int) -> bool:
        try:
            barrier.wait(timeout=10)
            return create_starter_bot() is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        created = list(pool.map(run, range(4)))
    assert sorted(created) == [False, False, False, True]
    assert Bot.objects.count() == 1
