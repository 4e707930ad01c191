"""The checks of a bot in the database."""

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from chatbot.bot_checks import Place, Problem, Severity
from chatbot.checks import bot_problems, count
from chatbot.models import Bot
from tests.chatbot.bots import create_bot, create_intent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _hears_all(settings: Settings) -> None:
    settings.CHATBOT_KEYWORD_CHECKS = []
    settings.CHATBOT_HEARS_KEYS = True


def problem(severity: Severity) -> Problem:
    return Problem(severity, Place(), "What.", "Effect.", "Remedy.")


def test_checks_of_a_bot_without_problems() -> None:
    """Nothing is found where nothing is wrong."""
    bot = create_bot()
    create_intent(bot, "hello", "hello")
    assert bot_problems(bot.pk) == ()


def test_checks_see_a_change_at_once() -> None:
    """The list is of the version that callers get."""
    bot = create_bot()
    intent = create_intent(bot, "hello", "hello")
    assert bot_problems(bot.pk) == ()
    intent.replies.get().delete()
    (found,) = bot_problems(bot.pk)
    assert found.what == "The intent has no reply."


def test_checks_see_a_change_of_the_settings(settings: Settings) -> None:
    """What is heard is part of what is checked."""
    bot = create_bot()
    create_intent(bot, "menu", "*")
    assert bot_problems(bot.pk) == ()
    settings.CHATBOT_HEARS_KEYS = False
    assert len(bot_problems(bot.pk)) == 1


def test_checks_of_no_bot() -> None:
    """There is nothing to look at."""
    with pytest.raises(Bot.DoesNotExist):
        bot_problems(0)


@pytest.mark.parametrize("rows", [1, 200])
def test_checks_take_the_same_queries_however_many_rows(
    rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Reading the bot is all that is asked of the database."""
    bot = create_bot()
    for number in range(rows):
        create_intent(bot, f"intent {number}", "same")
    with django_assert_num_queries(13):
        found = bot_problems(bot.pk)
    assert len(found) == rows - 1


@pytest.mark.parametrize(
    ("severities", "text"),
    [
        ([], "nothing found"),
        ([Severity.ERROR], "1 error"),
        ([Severity.WARNING, Severity.ERROR, Severity.WARNING], "1 error and 2 warnings"),
    ],
)
def test_checks_are_counted_in_words(severities: list[Severity], text: str) -> None:
    """As the page and the command say it."""
    assert count([problem(severity) for severity in severities]) == text
