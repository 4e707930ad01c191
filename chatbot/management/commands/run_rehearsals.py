from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from chatbot.models import Bot, Rehearsal
from chatbot.rehearsals import rehearsals_run_all


class Command(BaseCommand):
    """Play the rehearsals and say what went otherwise than expected, such as before a release."""

    help = "Runs the rehearsals of all bots, or of one. Exits with 1 where a line is red."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--bot", metavar="NAME", help="Run those of the bot of this name only.")

    def handle(self, *args: Any, **options: Any) -> None:
        bots = Bot.objects.all()
        if options["bot"] is not None:
            bots = bots.filter(name=options["bot"])
            if not bots.exists():
                raise CommandError(f"There is no bot named “{options['bot']}”.")
        total = red = 0
        for bot in bots:
            rehearsals_run_all(bot)
            # Read anew: the run has kept its results in the database.
            for rehearsal in bot.rehearsals.prefetch_related("lines"):
                total += 1
                red += not self._report(bot, rehearsal)
        if red:
            raise CommandError(f"{red} of {total} rehearsals are red.")
        self.stdout.write(self.style.SUCCESS(f"{total} of {total} rehearsals are green."))

    def _report(self, bot: Bot, rehearsal: Rehearsal) -> bool:
        """Print what came of a rehearsal; return whether it is green."""
        red = [line for line in rehearsal.lines.all() if line.problem]
        mark = self.style.ERROR("red  ") if red else self.style.SUCCESS("green")
        self.stdout.write(f"{mark} {bot}: {rehearsal}")
        for line in red:
            self.stdout.write(f"      “{line}”: {line.problem}")
        return not red
