"""What members of the staff do in running calls: on record first, and then done.

Each act comes with the token of the form that asked for it: asked for twice, it is done once, and
tried again where that failed.
For webhooks and pages, in threads: whoever holds the call is told through the channel layer, and
Twilio through its REST API where nobody does.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from asgiref.sync import async_to_sync
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from calls import groups
from calls.addresses import next_redirect_url
from calls.endings import call_close
from calls.live.changes import call_changed
from calls.models import Call, CallEvent, StaffAct, Turn
from calls.step import live_stream
from calls.transcript import answer_append, dialogue_state
from calls.turns_due import is_transfer_due, last_said, transfer_under_way
from calls.twilio.accounts import account_of
from calls.twilio.rest import CallIsOver, TwilioRest, UpdateFailed
from chatbot.actions import NONE, TRANSFER
from chatbot.answers import Answer, Rule

logger = logging.getLogger(__name__)

Result = TypeVar("Result")

CONNECTS_WITHIN = timedelta(seconds=5)
"""How long a call may take to open a stream that it was told to open."""

OVER = "The call is over already."

SENT_OTHERWISE = (
    "The form was sent before, with something else in it. See in the conversation what was said, "
    "and send it again if this is still to be done."
)


class NotDone(Exception):
    """The act cannot be done, or failed; the message is a sentence for who asked for it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for an act in which call. `token` is that of the form."""

    call_id: int
    staff: AbstractBaseUser
    token: str

    @property
    def staff_name(self) -> str:
        """The name by which the record knows who it was."""
        full_name = getattr(self.staff, "get_full_name", str)()
        return str(full_name or self.staff.get_username())


def staff_say(asked: Asked, *, text: str, number: str = "") -> None:
    """Have a sentence said to the caller, who is then connected to `number`, if there is one.

    `number` is a destination of `chatbot.phone_numbers`. Raises NotDone.
    """
    kind = StaffAct.Kind.TRANSFER if number else StaffAct.Kind.SAY
    with transaction.atomic():
        call = _lock(asked)
        act = _act_on_record(asked, kind, text, number)
        if act is not None and act.done_at is not None:
            return
        if act is None:
            _check_is_served(call)
            action = TRANSFER if number else NONE
            answer = Answer(text, action, number, rule=Rule.STAFF)
            turn = answer_append(
                call, answer=answer, state=dialogue_state(call), delivery=Turn.Delivery.PENDING
            )
            act = _act_record(asked, kind, turn)
        elif call.is_over:
            raise NotDone(OVER)
        is_held = _is_held(call)
    if is_held:
        groups.announce_from_thread(call.sid, groups.STAFF_SPOKE, turn_id=act.turn_id)
    elif Turn.objects.filter(staff_act=act, delivery=Turn.Delivery.PENDING).exists():
        _ask(call)
    _note_done(act)


def staff_hang_up(asked: Asked) -> None:
    """End the call at once. Raises NotDone."""
    with transaction.atomic():
        call = _lock(asked)
        act = _act_on_record(asked, StaffAct.Kind.HANG_UP)
        if act is not None and act.done_at is not None:
            return
        if call.is_over:
            raise NotDone(OVER)
        if act is None:
            act = _act_record(asked, StaffAct.Kind.HANG_UP)
            call.events.create(kind=CallEvent.Kind.HUNG_UP, detail=act.staff_name)
            call_changed(call.pk)
    try:
        has_ended = _rest(call, lambda rest: rest.end(call.sid))
    except UpdateFailed as error:
        logger.error("%s: a member of the staff could not end it: %s", call.sid, error)
        detail = "the call was not ended: Twilio did not take it"
        call.events.create(kind=CallEvent.Kind.NOT_SENT, detail=detail)
        call_changed(call.pk)
        raise NotDone(f"The call was not ended: {error}. Try again.") from error
    with transaction.atomic():
        call = _lock(asked)
        act.refresh_from_db(fields=["done_at"])
        if act.done_at is not None:
            return  # By the same form, which was sent twice, while Twilio was asked here.
        _note_hang_up(call, act, has_ended=has_ended)
        if not call.is_over:
            call_close(call, outcome=Call.Outcome.STAFF_HUNG_UP if has_ended else "")
        elif has_ended:
            # Twilio was quicker to report that it ended than to say that it does.
            call.outcome = Call.Outcome.STAFF_HUNG_UP
            call.save(update_fields=["outcome"])
        call_changed(call.pk)
        if has_ended:
            _note_done(act)
    groups.announce_from_thread(call.sid, groups.CALL_ENDED)
    if not has_ended:
        raise NotDone(OVER)


def _note_hang_up(call: Call, act: StaffAct, *, has_ended: bool) -> None:
    """Put on record whether the call was ended, or was over already; its row is locked.

    The same form, sent twice, may have found it over that ended it.
    """
    ended, was_over = act.staff_name, f"{act.staff_name}, but the call was over already"
    before, after = (was_over, ended) if has_ended else (ended, was_over)
    event = call.events.filter(kind=CallEvent.Kind.HUNG_UP, detail=before).last()
    if event is not None:
        event.detail = after
        event.save(update_fields=["detail"])


def _lock(asked: Asked) -> Call:
    return Call.objects.select_for_update().get(pk=asked.call_id)


def _act_on_record(
    asked: Asked, kind: StaffAct.Kind, text: str = "", number: str = ""
) -> StaffAct | None:
    """Return the act of a form that was sent before, or None. Raises NotDone for another act."""
    act = StaffAct.objects.select_related("turn").filter(token=asked.token).first()
    if act is None:
        return None
    said = ("", "") if act.turn is None else (act.turn.text, act.turn.parameter)
    before = (act.call_id, act.staff_id, act.kind, *said)
    if before != (asked.call_id, asked.staff.pk, kind, text, number):
        raise NotDone(SENT_OTHERWISE)
    return act


def _act_record(asked: Asked, kind: StaffAct.Kind, turn: Turn | None = None) -> StaffAct:
    return StaffAct.objects.create(
        call_id=asked.call_id,
        kind=kind,
        turn=turn,
        staff_id=asked.staff.pk,
        staff_name=asked.staff_name,
        token=asked.token,
    )


def _note_done(act: StaffAct) -> None:
    act.done_at = timezone.now()
    act.save(update_fields=["done_at"])


def _check_is_served(call: Call) -> None:
    """Raise NotDone where the caller hears the bot no more."""
    if call.is_over:
        raise NotDone(OVER)
    if dialogue_state(call).ended:
        raise NotDone("The bot is saying goodbye already: the call is about to end.")
    said = last_said(call)
    if said is None:
        raise NotDone("The call is only being answered. Try again in a moment.")
    is_followed = said.action == TRANSFER and said.delivery == Turn.Delivery.SPOKEN
    if is_followed or is_transfer_due(call) or transfer_under_way(call) is not None:
        raise NotDone("The caller is being connected to a person already.")


def _is_held(call: Call) -> bool:
    """Whether a process holds the call that can be told, or is about to read what is on record."""
    if call.hearing == Call.Hearing.GATHER:
        return False
    now = timezone.now()
    if live_stream(call, now) is not None:
        return True
    connects = call.streams.filter(opened_at=None, issued_at__gt=now - CONNECTS_WITHIN)
    return call.line == Call.Line.STREAM and connects.exists()


def _ask(call: Call) -> None:
    """Have the call ask what to do, which is to say what is on record."""
    try:
        _rest(call, lambda rest: rest.redirect(call.sid, next_redirect_url()))
    except CallIsOver:
        raise NotDone(OVER) from None
    except UpdateFailed as error:
        # It is said when the call asks by itself, some seconds later.
        logger.warning("%s: not told at once what the staff has said: %s", call.sid, error)


def _rest(call: Call, use: Callable[[TwilioRest], Awaitable[Result]]) -> Result:
    """Use the REST API of the account that a call belongs to."""

    async def used() -> Result:
        rest = account_of(call.account_sid).rest()
        try:
            return await use(rest)
        finally:
            await rest.aclose()

    return async_to_sync(used)()
