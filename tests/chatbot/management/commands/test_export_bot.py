"""A bot is written as a file by a command."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from chatbot.bot_file import bot_contents, write
from chatbot.starter import create_starter_bot
from tests.chatbot.bots import create_bot

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    output = StringIO()
    call_command("export_bot", *arguments, stdout=output, stderr=StringIO())
    return output.getvalue()


def test_bot_is_written_to_standard_output() -> None:
    """The output is the file and nothing else."""
    bot = create_starter_bot("nl")
    assert run("Startbot") == write(bot_contents(bot.pk))


def test_bot_is_written_to_a_file(tmp_path: Path) -> None:
    """The same bytes on every system."""
    bot = create_starter_bot("nl")
    file = tmp_path / "bot.yaml"
    run("Startbot", "--output", str(file))
    assert file.read_bytes() == write(bot_contents(bot.pk)).encode()


def test_bot_is_found_by_its_number() -> None:
    """Two bots may have one name."""
    create_bot("Twin")
    second = create_bot("Twin")
    assert run(str(second.pk)) == write(bot_contents(second.pk))


def test_name_of_several_bots_is_refused() -> None:
    """The error says what numbers there are."""
    numbers = ", ".join(str(create_bot("Twin").pk) for _ in range(2))
    with pytest.raises(CommandError, match=f"Several bots are named “Twin”.*{numbers}"):
        run("Twin")


def test_unknown_bot_is_refused() -> None:
    """A wrong name exits with an error."""
    with pytest.raises(CommandError, match="There is no bot “Nobody”"):
        run("Nobody")


def test_file_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    """The error says which file and why."""
    create_bot()
    with pytest.raises(CommandError, match=r"Cannot write .*: No such file or directory"):
        run("Test bot", "--output", str(tmp_path / "missing" / "bot.yaml"))
