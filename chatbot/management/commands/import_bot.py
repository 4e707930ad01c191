from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import reversion
from django.core.management.base import BaseCommand, CommandError

from chatbot import bot_file
from chatbot.bot_file.names import bot_named


class Command(BaseCommand):
    """Save a file as a bot, all of it or nothing; the exit code is 1 where it was not saved."""

    help = "Makes a new bot from a YAML file, or replaces one by it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="A file that export_bot wrote.")
        parser.add_argument(
            "--replace", metavar="NAME", help="The name or the number of the bot to replace."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        try:
            contents = bot_file.read(file.read_bytes())
        except OSError as error:
            raise CommandError(f"Cannot read {file}: {error.strerror}.") from None
        except bot_file.BotFileError as error:
            listed = "\n".join(f"{file}: {problem}" for problem in error.problems)
            raise CommandError(f"{listed}\nNothing was saved.") from None
        with reversion.create_revision():
            reversion.set_comment(f"Imported from {file.name} by a command.")
            self._save(contents, options["replace"])

    def _save(self, contents: bot_file.BotContents, replaced: str | None) -> None:
        if replaced is None:
            bot = bot_file.bot_create(contents)
            self.stdout.write(self.style.SUCCESS(f"Added “{bot}”, number {bot.pk}."))
            return
        try:
            bot = bot_named(replaced)
        except ValueError as error:
            raise CommandError(str(error)) from None
        changes = bot_file.describe_changes(bot_file.bot_contents(bot.pk), contents)
        bot_file.bot_replace(bot.pk, contents)
        for line in changes:
            self.stdout.write(line)
        done = "Replaced" if changes else "Nothing to change in"
        self.stdout.write(self.style.SUCCESS(f"{done} “{bot}”, number {bot.pk}."))
