"""A call as a rehearsal: what the caller said then, and what is to come of it from now on."""

from dataclasses import dataclass, replace

from django.utils import timezone

from calls.caller_numbers import without_number
from calls.exchanges import Exchange, exchanges
from calls.models import Call
from chatbot.answers import Rule
from chatbot.models import Bot, Rehearsal
from chatbot.rehearsals import HeardTurn, rehearsal_from_turns


class NothingToRehearse(Exception):
    """The call cannot be made a rehearsal; the message says why, to the editor."""


@dataclass(frozen=True, slots=True)
class MadeRehearsal:
    """A rehearsal that was run once.

    `left_out` counts the turns that are no part of it, as no word of them could be made out.
    `is_green` tells that the bot as it is now answers as it did in the call. `hides_number` tells
    that the caller's own number was said, in whose place "[number]" stands.
    """

    rehearsal: Rehearsal
    left_out: int
    is_green: bool
    hides_number: bool


def rehearsal_of_call(bot: Bot, call: Call) -> MadeRehearsal:
    """Make a rehearsal of a call for its bot. Raises NothingToRehearse."""
    answered = [
        exchange
        for exchange in exchanges(call.turns.select_related("intent").order_by("number"))
        if exchange.answer is not None
    ]
    turns = [turn for exchange in answered if (turn := _heard_turn(exchange)) is not None]
    if not any(turn.says for turn in turns):
        raise NothingToRehearse("The caller said nothing in this call that could be rehearsed.")
    shown = [replace(turn, says=without_number(turn.says, call.from_number)) for turn in turns]
    started = timezone.localtime(call.started_at)
    made = rehearsal_from_turns(bot, f"Call of {started:%Y-%m-%d %H:%M}", shown)
    return MadeRehearsal(
        made,
        left_out=sum(1 for it in answered if it.heard and not it.heard.text.strip()),
        is_green=not made.lines.exclude(problem="").exists(),
        hides_number=shown != turns,
    )


def _heard_turn(exchange: Exchange) -> HeardTurn | None:
    """Return an exchange as a line, None where no line stands for it, such as for the greeting."""
    heard, answer = exchange.heard, exchange.answer
    if answer is None:
        return None
    if heard is None:
        return HeardTurn("", "", answer.action) if answer.rule == Rule.NO_INPUT else None
    if not heard.text.strip():
        return None
    intent_name = ""
    if answer.rule in {Rule.INTENT, ""}:
        # An intent that was renamed since is expected by the name that it has now.
        intent_name = heard.intent.name if heard.intent is not None else heard.intent_name
    return HeardTurn(heard.text, intent_name, answer.action)
