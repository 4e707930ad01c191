"""What the bot owes a caller when his call asks what to do now, put on record.

For functions that hold the lock of the call. Each returns turns of the bot that are yet to be
spoken; `delivery` tells whether whoever called sees to that at once.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from django.utils import timezone

from calls.models import Call, Turn
from calls.text import printable
from calls.transcript import answer_append, dialogue_state
from calls.twilio.twiml import speaking_seconds
from chatbot import actions, dialogue
from chatbot.actions import TRANSFER
from chatbot.answers import Question, Rule, Unanswered
from chatbot.script import Script

DIAL_ANSWERED = frozenset({"completed", "answered"})
"""The values of DialCallStatus after which somebody was spoken to.

Source: twilio.com/docs/voice/twiml/dial#dialcallstatus-values.
"""

_TO_BE_DONE = frozenset({Turn.Delivery.PENDING, Turn.Delivery.SPOKEN})

_BACK = frozenset({Rule.NOT_TRANSFERRED, Rule.APOLOGY, Rule.STILL_THERE, Rule.LIMIT})
"""The rules by which the bot speaks to a caller who is with it again after a transfer."""

NOT_ASKED = "was not asked to the end: the server that held the call has stopped"


def last_said(call: Call) -> Turn | None:
    """Return what the bot said last, or is about to say.

    Of several, what was spoken already comes first, for what follows it is yet to be done; then
    what members of the staff have said, also before an answer that was decided after it.
    """
    said = call.turns.filter(role=Turn.Role.BOT)
    spoken = said.filter(delivery=Turn.Delivery.SPOKEN).last()
    by_staff = said.filter(delivery=Turn.Delivery.PENDING, rule=Rule.STAFF)
    return spoken or by_staff.first() or said.last()


def is_transfer_due(call: Call) -> bool:
    """Whether a member of the staff hands the call to a person, who is not dialled yet."""
    return call.turns.filter(rule=Rule.STAFF, action=TRANSFER, delivery__in=_TO_BE_DONE).exists()


def transfer_under_way(call: Call) -> Turn | None:
    """Return the transfer by which the caller is elsewhere now, or None.

    Answers may stand behind it that were decided in the moment in which it was.
    """
    said = call.turns.filter(role=Turn.Role.BOT)
    turn = said.filter(action=TRANSFER, delivery=Turn.Delivery.SENT).last()
    if turn is None or said.filter(number__gt=turn.number, rule__in=_BACK).exists():
        return None
    return turn


def transfer_ended(call: Call) -> Turn | None:
    """Return the transfer of which Twilio reports the end; None where it was dealt with."""
    said = last_said(call)
    # One whose process died before it could record that it was sent is dialled all the same.
    is_last = said is not None and said.action == TRANSFER
    return transfer_under_way(call) or (said if is_last else None)


def is_being_spoken(said: Turn, now: datetime) -> bool:
    """Whether Twilio may still have been speaking a turn, as long as that may take."""
    return now - said.at < timedelta(seconds=speaking_seconds(said.text))


def after_transfer(
    call: Call, script: Script, said: Turn, dial_status: str, delivery: Turn.Delivery
) -> Turn | None:
    """Go on when a transfer has ended; None where somebody answered, and the call is over."""
    if dial_status in DIAL_ANSWERED:
        call.outcome = Call.Outcome.TRANSFERRED
        call.dialogue = replace(dialogue_state(call), ended=True).to_json()
        call.save(update_fields=["outcome", "dialogue"])
        return None
    state = dialogue_state(call)
    if said.rule == Rule.APOLOGY:
        # Nobody hears the caller, and nobody answers him: what is said now is the last.
        answer, state = dialogue.apologise(script, state)
    else:
        answer, state = dialogue.not_transferred(script, state, said.otherwise)
    answer = replace(answer, note=f"The transfer ended with “{printable(dial_status, 32)}”.")
    return answer_append(call, answer=answer, state=state, delivery=delivery)


def after_silence(call: Call, script: Script, delivery: Turn.Delivery) -> Turn:
    """Ask a caller who says nothing whether he is there, or part with him."""
    answer, state = dialogue.no_input(script, dialogue_state(call), timezone.now())
    return answer_append(call, answer=answer, state=state, delivery=delivery)


def after_lost_stream(call: Call, script: Script, delivery: Turn.Delivery) -> Turn:
    """Ask a caller who was out of reach for a while to speak again."""
    state = dialogue_state(call)
    overdue = dialogue.is_overdue(script, state, timezone.now())
    go_on = dialogue.limit if overdue else dialogue.still_there
    answer, state = go_on(script, state)
    return answer_append(call, answer=answer, state=state, delivery=delivery)


def unanswered(
    call: Call, script: Script, said: Turn | None, delivery: Turn.Delivery
) -> list[Turn]:
    """Answer what the caller said whose process died between hearing and answering him."""
    answers: list[Turn] = []
    since = call.turns.filter(number__gt=said.number if said else 0)
    for turn in since.exclude(rule=Rule.ASIDE):
        outcome, state = dialogue.respond(
            script, dialogue_state(call), turn.text, now=timezone.now(), session=call.sid
        )
        if isinstance(outcome, Question):
            # Whoever is to be asked has been asked, perhaps, and the caller has waited enough.
            outcome, state = dialogue.conclude(script, state, outcome, Unanswered(NOT_ASKED))
        answer = answer_append(call, answer=outcome, state=state, delivery=delivery, answers=turn)
        answers.append(answer)
        if actions.directives(answer.action, answer.parameter):
            break
    return answers
