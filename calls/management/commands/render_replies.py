"""`manage.py render_replies [--bot NAME]`: speaks what bots have to say before anybody calls."""

import asyncio
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from calls.voice.attempts import problems
from calls.voice.fixed_texts import fixed_wordings
from calls.voice.rendering import Outcome, render_missing
from calls.voice.speaker import own_synthesizer
from calls.voice.synthesizer import Synthesizer
from chatbot.loader import load_script
from chatbot.models import Bot


class Command(BaseCommand):
    help = (
        "Renders the replies that are not rendered yet, of all bots whose callers hear audio of "
        "our own, or of one. Exits with 1 where one cannot be rendered."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--bot", metavar="NAME", help="Render those of this bot only.")

    def handle(self, *args: Any, **options: Any) -> None:
        bots = _bots(options["bot"])
        synthesizer = own_synthesizer()
        if synthesizer is None:
            raise CommandError("No voice engine is set on this server: nobody can speak.")
        with asyncio.Runner() as runner:
            try:
                outcomes = [self._render(bot, synthesizer, runner) for bot in bots]
            finally:
                runner.run(synthesizer.aclose())
        failed = sum(outcome.failed + outcome.missing for outcome in outcomes)
        if failed:
            total = sum(outcome.total for outcome in outcomes)
            raise CommandError(f"{failed} of {total} replies are not rendered.")

    def _render(self, bot: Bot, synthesizer: Synthesizer, runner: asyncio.Runner) -> Outcome:
        script = load_script(bot.pk)
        outcome = render_missing(script, synthesizer, runner)
        done = outcome.total - outcome.failed - outcome.missing
        new = f", {outcome.rendered} of them now" if outcome.rendered else ""
        self.stdout.write(f"{bot}: {done} of {outcome.total} replies rendered{new}.")
        keys = [wording.key(synthesizer.name) for wording in fixed_wordings(script)]
        for problem in sorted(set(filter(None, problems(keys).values()))):
            self.stdout.write(self.style.ERROR(f"  {problem}"))
        if outcome.missing:
            note = f"  {outcome.missing} were left: another process is at them, or none could."
            self.stdout.write(self.style.WARNING(note))
        return outcome


def _bots(name: str | None) -> list[Bot]:
    """Return the bots to render. Raises CommandError where the one named has nothing to render."""
    bots = Bot.objects.all() if name is None else Bot.objects.filter(name=name)
    if name is not None and not bots.exists():
        raise CommandError(f"There is no bot named “{name}”.")
    streaming = list(bots.filter(line=Bot.Line.STREAM))
    if name is not None and not streaming:
        raise CommandError(
            f"Callers of “{name}” hear the voices of the telephone service: there is nothing to "
            "render. Choose audio of our own on the page of the bot first."
        )
    return streaming
