"""What would disappoint callers, as a list from which an editor goes where it is mended."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from chatbot.admin import pages
from chatbot.admin.pages import Summary
from chatbot.bot_checks import Problem, Severity
from chatbot.checks import bot_problems, count
from chatbot.models import Bot

MAX_SHOWN = 200
"""Nobody mends more at once, and mending some tells what the others are."""


@dataclass(frozen=True, slots=True)
class Found:
    """A problem, and where a link leads to it; empty where the user may not go there."""

    problem: Problem
    url: str


@pages.register
class ChecksPage(pages.BotPage):
    """The problems of the bot as callers get it, errors first."""

    name = "checks"
    title = "Checks"
    template = "admin/chatbot/bot/checks.html"
    order = 20

    def summary(self, request: HttpRequest, bot: Bot) -> Summary:
        """Return how many problems there are: green where there are none, red with an error."""
        problems = bot_problems(bot.pk)
        if not problems:
            return Summary("nothing found", is_good=True)
        is_bad = any(problem.severity is Severity.ERROR for problem in problems)
        text = f"{len(problems)} problem{'s' if len(problems) > 1 else ''}"
        return Summary(text, is_good=False if is_bad else None)

    def context(self, request: HttpRequest, bot: Bot) -> dict[str, Any]:
        """Return the problems, each with a link to the row."""
        problems = bot_problems(bot.pk)
        shown = [Found(problem, _url(request, bot, problem)) for problem in problems[:MAX_SHOWN]]
        of_severity = {
            severity: [found for found in shown if found.problem.severity is severity]
            for severity in Severity
        }
        return {
            "count": count(problems),
            "errors": of_severity[Severity.ERROR],
            "warnings": of_severity[Severity.WARNING],
            "more": len(problems) - len(shown),
        }


def _url(request: HttpRequest, bot: Bot, problem: Problem) -> str:
    place = problem.place
    model, pk = ("bot", bot.pk) if place.intent_id is None else ("intent", place.intent_id)
    if not request.user.has_perms([f"chatbot.view_{model}"]):
        return ""
    anchor = f"#{place.anchor}" if place.anchor else ""
    return reverse(f"admin:chatbot_{model}_change", args=[pk]) + anchor
