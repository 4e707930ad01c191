"""`manage.py check_bots`."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from tests.chatbot.bots import create_bot, create_intent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _hears_speech(settings: Settings) -> None:
    settings.CHATBOT_KEYWORD_CHECKS = []
    settings.CHATBOT_HEARS_KEYS = False


def run(*arguments: str) -> tuple[str, str]:
    """Return what the command prints, and with which error it ends, if it does."""
    out = StringIO()
    try:
        call_command("check_bots", *arguments, stdout=out, no_color=True)
    except CommandError as error:
        return out.getvalue(), str(error)
    return out.getvalue(), ""


def test_command_finds_nothing() -> None:
    """A good bot is a line, and a success."""
    bot = create_bot()
    create_intent(bot, "hello", "hello")
    assert run() == (f"Test bot (bot {bot.pk}): nothing found\n", "")


def test_command_fails_on_an_error() -> None:
    """Each problem is told with where it is and what to do."""
    bot = create_bot()
    create_intent(bot, "hello")
    printed, error = run()
    assert printed.splitlines() == [
        f"Test bot (bot {bot.pk}): 1 error",
        "  error: intent “hello”",
        "    The intent has no keyword, and no reply goes to it.",
        "    Whatever callers say, they never get its replies.",
        "    Add what callers say when they mean it, or delete the intent.",
    ]
    assert error == "1 error in all. Each is to be mended in the admin."


def test_command_fails_on_a_warning_only_if_told_to() -> None:
    """A warning is printed, and is no failure."""
    create_intent(create_bot(), "one", "1")
    printed, error = run()
    assert "  warning: intent “one”, keyword “1”" in printed
    assert error == ""
    assert run("--fail-on", "warning")[1] == "1 warning in all. Each is to be mended in the admin."


def test_command_looks_at_one_bot() -> None:
    """The others may be as they are."""
    create_intent(create_bot("Bad"), "hello")
    create_bot("Good")
    assert run("--bot", "Good")[1] == ""
    assert run("--bot", "Bad")[1] != ""


def test_command_knows_no_bot_of_the_name() -> None:
    """A wrong name is no success, and the right ones are told."""
    create_bot("Good")
    assert run("--bot", "Goood")[1] == "There is no bot named “Goood”. Bots are: “Good”."
