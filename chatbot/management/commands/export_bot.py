from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from chatbot.bot_file import MAX_BYTES, bot_contents, write
from chatbot.bot_file.names import bot_named


class Command(BaseCommand):
    """Write a whole bot as a YAML file; the exit code is 1 where it cannot be written."""

    help = "Writes a bot, with all its intents and rehearsals, as a YAML file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="The name of the bot, or its number.")
        parser.add_argument("--output", type=Path, help="The file; without it, standard output.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            text = write(bot_contents(bot_named(options["name"]).pk))
        except ValueError as error:
            raise CommandError(str(error)) from None
        if len(text.encode()) > MAX_BYTES:
            self.stderr.write("The file is larger than what can be imported.")
        if options["output"] is None:
            self.stdout.write(text, ending="")
            return
        try:
            options["output"].write_text(text, encoding="utf-8", newline="\n")
        except OSError as error:
            raise CommandError(f"Cannot write {options['output']}: {error.strerror}.") from None
        self.stderr.write(f"Wrote {options['output']}.")
