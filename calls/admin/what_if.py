"""The last calls, answered once more by the bot as it is now: what would be otherwise."""

from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest

from calls.admin.wording import action_words
from calls.caller_numbers import PERMISSION, without_number
from calls.what_if import Difference, Kind, last_calls, replay
from chatbot.admin import pages
from chatbot.answers import Rule
from chatbot.explanation import Fact
from chatbot.loader import load_script
from chatbot.models import Bot

CHOICES = (10, 50, 200)
DEFAULT = 50
MAX_SHOWN = 200
"""Nobody reads more of them; the counts are of all."""

KINDS = {
    Kind.MEANING: "another meaning",
    Kind.ACTION: "another action",
    Kind.TEXT: "other words",
}

WITHOUT_INTENT: dict[str, str] = {
    Rule.COMMAND: "what callers can always ask for",
    Rule.NO_MATCH: "not understood",
    Rule.LIMIT: "the call took too long",
    Rule.REMOTE: "a chatbot elsewhere",
}


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two answers: the intent with its id where it is there still, or why without."""

    intent: str
    intent_id: int | None
    reason: str
    text: str
    action: str


@dataclass(frozen=True, slots=True)
class Row:
    """A difference as it is shown."""

    difference: Difference
    kind: str
    heard: str
    then: Side
    now: Side
    facts: tuple[Fact, ...]


@pages.register
class WhatIfPage(pages.BotPage):
    """Replays as many of the last calls as the user chooses; nothing is changed by it."""

    name = "what-if"
    title = "What if"
    template = "admin/chatbot/bot/what_if.html"
    order = 70

    def may_view(self, request: HttpRequest) -> bool:
        return super().may_view(request) and bool(request.user.has_perm("calls.view_call"))

    def context(self, request: HttpRequest, bot: Bot) -> dict[str, Any]:
        """Return what would be answered otherwise in the calls that were chosen."""
        script = load_script(bot.pk)
        sent = request.GET.get("calls", "")
        count = int(sent) if sent in map(str, CHOICES) else DEFAULT
        shown: dict[str, Any] = {"script": script, "choices": CHOICES, "chosen": count}
        if script.remote is not None:
            return shown
        result = replay(script, last_calls(bot, count))
        may_see = request.user.has_perm(PERMISSION)
        rows = [_row(difference, may_see) for difference in result.differences[:MAX_SHOWN]]
        kinds = [difference.kind for difference in result.differences]
        return {
            **shown,
            "result": result,
            "rows": rows,
            "kinds": [(KINDS[kind], kinds.count(kind)) for kind in Kind if kind in kinds],
            "calls_affected": len({difference.call.pk for difference in result.differences}),
            "more": len(result.differences) - len(rows),
        }


def _row(difference: Difference, may_see_number: bool) -> Row:
    heard, then, now = difference.heard, difference.then, difference.now
    number = "" if may_see_number else difference.call.from_number

    def shown(text: str) -> str:
        return without_number(text, number)

    was_command = heard.rule == Rule.COMMAND
    match = now.match if now.rule is Rule.INTENT else None
    return Row(
        difference,
        kind=KINDS[difference.kind],
        heard=shown(heard.text),
        then=Side(
            intent="" if was_command else heard.intent_name,
            intent_id=heard.intent_id,
            reason=WITHOUT_INTENT.get(then.rule, "not understood"),
            text=shown(then.plain_text),
            action=shown(action_words(then.action, then.parameter)),
        ),
        now=Side(
            intent=match.intent if match is not None else "",
            intent_id=match.intent_id if match is not None else None,
            reason=WITHOUT_INTENT.get(now.rule, ""),
            text=shown(now.plain_text),
            action=shown(action_words(now.action, now.parameter)),
        ),
        facts=tuple(
            replace(fact, parts=tuple(replace(part, text=shown(part.text)) for part in fact.parts))
            for fact in difference.facts
        ),
    )
