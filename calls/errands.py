"""What an answer does beside speaking: a text message, sent once by whoever sends the answer."""

import logging
from dataclasses import dataclass

from asgiref.sync import async_to_sync
from django.db import transaction

from calls.live.changes import call_changed
from calls.models import Turn
from calls.twilio.accounts import account_of
from calls.twilio.rest import MessageNotSent, TwilioRest
from chatbot import actions
from chatbot.actions.base import SendText
from chatbot.answers import Answer

logger = logging.getLogger(__name__)

NO_NUMBER = "The SMS was not sent: the caller's number is not known."


@dataclass(frozen=True, slots=True)
class TextMessage:
    """A text message that is due: from the number called, to the caller.

    `account_sid` is the account of the call.
    """

    turn_id: int
    sender: str
    recipient: str
    text: str
    account_sid: str = ""


def has_errand(answer: Answer) -> bool:
    """Whether an answer does more than speak."""
    directives = actions.directives(answer.action, answer.parameter)
    return any(isinstance(directive, SendText) for directive in directives)


@transaction.atomic
def message_claim(turn_id: int) -> TextMessage | None:
    """Return the text message of a turn, to whoever asks first; None where nothing is to be sent.

    A process that dies after this leaves it unsent: twice would be worse.
    """
    due = Turn.objects.filter(pk=turn_id, errand=Turn.Errand.DUE)
    if not due.update(errand=Turn.Errand.BEGUN):
        return None
    turn = Turn.objects.select_related("call").get(pk=turn_id)
    text = " ".join(
        directive.text
        for directive in actions.directives(turn.action, turn.parameter)
        if isinstance(directive, SendText)
    )
    if not turn.call.from_number.startswith("+"):
        message_record(turn_id, NO_NUMBER)
        return None
    call = turn.call
    return TextMessage(turn_id, call.to_number, call.from_number, text, call.account_sid)


def message_record(turn_id: int, problem: str = "") -> None:
    """Put on record that a message was sent, or why not."""
    turn = Turn.objects.get(pk=turn_id)
    turn.errand = Turn.Errand.FAILED if problem else Turn.Errand.DONE
    turn.note = " ".join(filter(None, [turn.note, problem]))
    turn.save(update_fields=["errand", "note"])
    call_changed(turn.call_id)


async def message_send(rest: TwilioRest, message: TextMessage) -> str:
    """Send a message; return why it was not sent, or nothing."""
    try:
        await rest.send_message(message.sender, message.recipient, message.text)
    except MessageNotSent as error:
        logger.error("Turn %s: its SMS was not sent: %s", message.turn_id, error)
        return f"The SMS was not sent: {error}."
    return ""


def run_now(turn_id: int) -> None:
    """Do what a turn has to do beside speaking, from a webhook."""
    message = message_claim(turn_id)
    if message is not None:
        message_record(turn_id, async_to_sync(_send_alone)(message))


async def _send_alone(message: TextMessage) -> str:
    rest = account_of(message.account_sid).rest()
    try:
        return await message_send(rest, message)
    finally:
        await rest.aclose()
