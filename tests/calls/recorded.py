"""Calls on record, as they come about: each answered by the bot as it is at that moment."""

from datetime import datetime, timedelta
from itertools import count

from django.utils import timezone

from calls.models import Call, Turn
from calls.transcript import answer_append, exchange_append, question_append
from chatbot import dialogue
from chatbot.answers import Question, Unanswered
from chatbot.loader import load_script
from chatbot.models import Bot

NUMBER = "+31612345678"

_numbers = count(1)
_LETTERS = str.maketrans("0123456789", "abcdefghij")


def _sid() -> str:
    """Return the next SID: digits in it would be found where those of a number are looked for."""
    return f"CA{str(next(_numbers)).translate(_LETTERS).rjust(32, '0')}"


def record_call(
    bot: Bot, *said: str | None, ago: timedelta = timedelta(), number: str = NUMBER
) -> Call:
    """Record a call that is over, in which the caller said this; None is a silence."""
    script = load_script(bot.pk)
    now = timezone.now() - ago
    call = Call.objects.create(
        sid=_sid(),
        bot=bot,
        from_number=number,
        to_number="+31207654321",
        started_at=now,
        ended_at=now + timedelta(minutes=1),
        status=Call.Status.COMPLETED,
    )
    answer, state = dialogue.opening(script, now)
    answer_append(call, answer=answer, state=state, delivery=Turn.Delivery.SENT)
    for text in said:
        if text is None:
            answer, state = dialogue.no_input(script, state, now)
            answer_append(call, answer=answer, state=state, delivery=Turn.Delivery.SENT)
            continue
        outcome, state = dialogue.respond(script, state, text, now=now, session=call.sid)
        if isinstance(outcome, Question):
            meant = outcome.instead
            turn = question_append(call, text=text, confidence=0.9, meant=meant, state=state)
            outcome, state = dialogue.conclude(script, state, outcome, Unanswered("was out"))
            answer_append(
                call, answer=outcome, state=state, delivery=Turn.Delivery.SENT, answers=turn
            )
        else:
            exchange_append(call, text=text, confidence=0.9, answer=outcome, state=state)
    call.turns.update(at=now)
    return call


def record_many(bot: Bot, calls: int, said: list[str], ago: timedelta = timedelta()) -> None:
    """Record calls in bulk, in each of which all of this was said and not understood."""
    at: datetime = timezone.now() - ago
    made = Call.objects.bulk_create(
        Call(sid=_sid(), bot=bot, from_number=NUMBER, started_at=at) for _ in range(calls)
    )
    Turn.objects.bulk_create(
        Turn(call=call, number=2 * place + role, role=who, text=text, at=at, rule="no-match")
        for call in made
        for place, said_text in enumerate(said, start=1)
        for role, who, text in ((0, Turn.Role.CALLER, said_text), (1, Turn.Role.BOT, bot.fallback))
    )
