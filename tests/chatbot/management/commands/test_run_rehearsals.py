"""`manage.py run_rehearsals`."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from chatbot.models import Bot, Rehearsal
from tests.chatbot.bots import create_bot, create_intent

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("run_rehearsals", *arguments, stdout=out)
    return out.getvalue()


def rehearse(bot: Bot, says: str) -> None:
    rehearsal = Rehearsal.objects.create(bot=bot, name="greeting")
    rehearsal.lines.create(says=says, intent_name="hello")


@pytest.fixture
def bot() -> Bot:
    bot = create_bot()
    create_intent(bot, "hello", "hi")
    return bot


def test_command_with_all_green(bot: Bot) -> None:
    rehearse(bot, "hi")
    assert run() == "green Test bot: greeting\n1 of 1 rehearsals are green.\n"


def test_command_with_a_red_line(bot: Bot) -> None:
    """The exit code is 1, and what was said stands there."""
    rehearse(bot, "hey")
    out = StringIO()
    with pytest.raises(CommandError, match="1 of 1 rehearsals") as failure:
        call_command("run_rehearsals", stdout=out)
    assert failure.value.returncode == 1
    assert "“hey”: Expected the intent “hello”, but nothing was understood." in out.getvalue()


def test_command_without_rehearsals(bot: Bot) -> None:
    assert run() == "0 of 0 rehearsals are green.\n"


def test_command_of_one_bot(bot: Bot) -> None:
    rehearse(bot, "hi")
    rehearse(create_bot("Other bot"), "hi")
    assert "1 of 1 rehearsals are green." in run("--bot", "Test bot")


def test_command_of_a_bot_that_is_not_there(bot: Bot) -> None:
    with pytest.raises(CommandError, match="There is no bot named “Nobody”"):
        run("--bot", "Nobody")
