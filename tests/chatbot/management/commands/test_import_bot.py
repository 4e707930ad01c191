"""A file becomes a bot by a command."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from chatbot.bot_file import bot_contents, write
from chatbot.models import Bot
from chatbot.starter import create_starter_bot

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    output = StringIO()
    call_command("import_bot", *arguments, stdout=output, stderr=StringIO())
    return output.getvalue()


@pytest.fixture
def starter() -> Bot:
    return create_starter_bot("en")


@pytest.fixture
def file(starter: Bot, tmp_path: Path) -> Path:
    """Return a file of the starter bot, with another reply."""
    file = tmp_path / "bot.yaml"
    text = write(bot_contents(starter.pk)).replace("Nice, I am happy for you.", "Lovely.")
    file.write_text(text, encoding="utf-8")
    return file


def test_file_becomes_a_new_bot(file: Path) -> None:
    """Its number is told, to go on with."""
    output = run(str(file))
    bot = Bot.objects.get(name="Starter bot (2)")
    assert f"Added “Starter bot (2)”, number {bot.pk}." in output


def test_file_replaces_a_bot(file: Path, starter: Bot) -> None:
    """What changes is told."""
    output = run(str(file), "--replace", "Starter bot")
    assert "Intents: 1 changed – “good”." in output
    assert write(bot_contents(starter.pk)) == file.read_text(encoding="utf-8")


def test_file_with_problems_is_refused(file: Path) -> None:
    """Each problem is told with its file and line, and nothing is saved."""
    file.write_text("format: 1\nnaem: a\n", encoding="utf-8")
    with pytest.raises(CommandError) as caught:
        run(str(file))
    assert f"{file}: line 2: “naem” is not known here; did you mean “name”?" in str(caught.value)
    assert Bot.objects.count() == 1


def test_missing_file_is_an_error(tmp_path: Path) -> None:
    """The error says which file and why."""
    with pytest.raises(CommandError, match=r"Cannot read .*: No such file or directory"):
        run(str(tmp_path / "missing.yaml"))


def test_unknown_bot_to_replace_is_an_error(file: Path) -> None:
    """A wrong name makes no new bot."""
    with pytest.raises(CommandError, match="There is no bot “Nobody”"):
        run(str(file), "--replace", "Nobody")
    assert Bot.objects.count() == 1
