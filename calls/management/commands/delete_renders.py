"""`manage.py delete_renders --unused-for DAYS`: keeps no audio that nobody will hear again."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from calls.voice.fixed_texts import fixed_wordings
from calls.voice.kept_renders import renders_delete_unused
from calls.voice.speaker import engine_name
from chatbot.loader import load_script
from chatbot.models import Bot


class Command(BaseCommand):
    help = (
        "Delete the replies kept as audio that no caller has heard for so many days. What bots "
        "say as they are now stays: an apology is seldom heard, and must be there when it is."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--unused-for", type=int, required=True, metavar="DAYS")

    def handle(self, *args: Any, **options: Any) -> None:
        days: int = options["unused_for"]
        if days < 1:
            raise CommandError(f"--unused-for takes a number of days from 1, not {days}.")
        count = renders_delete_unused(days=days, needed=_needed())
        self.stdout.write(f"Deleted {count} renders.")


def _needed() -> set[str]:
    """Return the keys of all that callers may hear of the bots as they are."""
    engine = engine_name()
    if engine is None:
        return set()
    bot_ids = Bot.objects.filter(line=Bot.Line.STREAM).values_list("pk", flat=True)
    return {
        wording.key(engine) for bot_id in bot_ids for wording in fixed_wordings(load_script(bot_id))
    }
