from typing import Any

from django.core.management.base import BaseCommand

from chatbot.starter import create_starter_bot


class Command(BaseCommand):
    """Give a new installation a bot to talk to; may be run at every start."""

    help = "Creates the starter bot, unless there is a bot already."

    def handle(self, *args: Any, **options: Any) -> None:
        if create_starter_bot() is None:
            self.stdout.write("There is a bot already; nothing was changed.")
        else:
            self.stdout.write(self.style.SUCCESS("Created the starter bot."))
