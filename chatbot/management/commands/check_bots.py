from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from chatbot.bot_checks import Problem, Severity
from chatbot.checks import bot_problems, count
from chatbot.models import Bot


class Command(BaseCommand):
    """Say what would disappoint callers; the exit code makes it a check for CI."""

    help = (
        "Lists what would disappoint the callers of each bot. "
        "Exits with 1 where there is anything of the level named by --fail-on, or worse."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--bot", metavar="NAME", help="Look at the bot of this name only.")
        parser.add_argument(
            "--fail-on",
            choices=list(Severity),
            default=Severity.ERROR,
            help="Whether warnings count as a failure too. Default: error.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        found: list[Problem] = []
        for bot in _bots(options["bot"]):
            problems = bot_problems(bot.pk)
            self._print(bot, problems)
            found += problems
        counted = list(Severity)[: list(Severity).index(options["fail_on"]) + 1]
        failures = [problem for problem in found if problem.severity in counted]
        if failures:
            raise CommandError(f"{count(failures)} in all. Each is to be mended in the admin.")

    def _print(self, bot: Bot, problems: tuple[Problem, ...]) -> None:
        self.stdout.write(f"{bot.name} (bot {bot.pk}): {count(problems)}")
        for problem in problems:
            is_error = problem.severity is Severity.ERROR
            style = self.style.ERROR if is_error else self.style.WARNING
            self.stdout.write(style(f"  {problem.severity}: {problem.place}"))
            for sentence in (problem.what, problem.effect, problem.remedy):
                self.stdout.write(f"    {sentence}")


def _bots(name: str | None) -> list[Bot]:
    """Return the bots of a name, or all. Raises CommandError where there is none of the name."""
    if name is None:
        return list(Bot.objects.order_by("pk"))
    bots = list(Bot.objects.filter(name=name).order_by("pk"))
    if not bots:
        names = ", ".join(f"“{bot.name}”" for bot in Bot.objects.order_by("pk")) or "none yet"
        raise CommandError(f"There is no bot named “{name}”. Bots are: {names}.")
    return bots
