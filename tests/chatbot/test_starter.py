"""The bot that a new installation begins with."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from chatbot.answers import Answer
from chatbot.dialogue import opening, respond
from chatbot.loader import load_script
from chatbot.models import Bot
from chatbot.starter import STARTERS, create_first_bot, create_starter_bot
from tests.chatbot.bots import NOW, create_bot


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("said", "text", "action"),
    [
        ("Hello", "Hi, how are you?", ""),
        ("I am fine", "Nice, I am happy for you.", ""),
        ("not good", "Oh no, I am sorry to hear that.", ""),
        ("Bye!", "Nice talking to you.", "hangup"),
        (
            "mumble",
            "Sorry, I did not understand that. Could you say it again?",
            "",
        ),
    ],
)
def test_starter_bot_answers(said: str, text: str, action: str) -> None:
    """The starter bot holds a small conversation."""
    script = load_script(create_starter_bot("en").pk)
    answer, _ = respond(script, opening(script, NOW)[1], said, now=NOW)
    assert isinstance(answer, Answer)
    assert (answer.text, answer.action) == (text, action)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("said", "action"),
    [("Tot ziens", "hangup"), ("Dag, ik heb een vraag", ""), ("Op welke dag bent u open?", "")],
)
def test_dutch_starter_bot_hangs_up_only_on_a_goodbye(said: str, action: str) -> None:
    """Callers greet with "dag", and ask for days."""
    script = load_script(create_starter_bot("nl").pk)
    answer, _ = respond(script, opening(script, NOW)[1], said, now=NOW)
    assert isinstance(answer, Answer)
    assert answer.action == action


@pytest.mark.django_db
def test_starter_bot_greets() -> None:
    """The first thing that callers hear is an offer."""
    bot = create_first_bot()
    assert bot is not None
    assert (bot.name, bot.greeting) == ("Starter bot", "How can I help you?")


@pytest.mark.django_db
def test_starter_bot_is_not_created_beside_another() -> None:
    """An installation that has a bot keeps it."""
    create_bot()
    assert create_first_bot() is None
    assert Bot.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_starter_bot_is_created_once_by_many_at_a_time() -> None:
    """Processes that start together make one bot between them."""
    barrier = Barrier(4)

    def run(_: int) -> bool:
        try:
            barrier.wait(timeout=60)
            return create_first_bot() is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        created = list(pool.map(run, range(4)))
    assert sorted(created) == [False, False, False, True]
    assert Bot.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("language", STARTERS)
def test_starter_bot_is_valid(language: str) -> None:
    """An editor can save each of its rows as it is."""
    bot = create_starter_bot(language)
    bot.full_clean()
    for intent in bot.intents.all():
        for row in (intent, *intent.keywords.all(), *intent.replies.all()):
            row.full_clean()


@pytest.mark.django_db
def test_starter_bot_speaks_dutch() -> None:
    """The second language holds the same small conversation."""
    script = load_script(create_starter_bot("nl").pk)
    answer, _ = respond(script, opening(script, NOW)[1], "hallo", now=NOW)
    assert isinstance(answer, Answer)
    assert (script.language, answer.text) == ("nl-NL", "Hallo, hoe gaat het met u?")
