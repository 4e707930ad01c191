from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from chatbot.starter import STARTERS, create_first_bot


class Command(BaseCommand):
    """Give a new installation a bot to talk to; may be run at every start."""

    help = "Creates the starter bot, unless there is a bot already."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--language", choices=list(STARTERS), default="en", help="What the bot speaks."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if create_first_bot(options["language"]) is None:
            self.stdout.write("There is a bot already; nothing was changed.")
        else:
            self.stdout.write(self.style.SUCCESS("Created the starter bot."))
