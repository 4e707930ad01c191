"""How a call ended and by whom, in words for those who read calls."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import F

from calls.models import Call, StaffAct

BOT, CALLER, TRANSFER, STAFF, FAULT = "bot", "caller", "transfer", "staff", "fault"

ENDED_BY: Mapping[str, str] = {
    CALLER: "the caller",
    BOT: "the bot",
    TRANSFER: "after a transfer",
    STAFF: "the staff",
    FAULT: "a fault",
}
"""Who can end a call, in words."""

WHO: Mapping[str, str] = {
    Call.Outcome.BOT_HUNG_UP: BOT,
    Call.Outcome.CALLER_HUNG_UP: CALLER,
    Call.Outcome.SILENCE: BOT,
    Call.Outcome.TRANSFERRED: TRANSFER,
    Call.Outcome.LIMIT: BOT,
    Call.Outcome.CLOSED: BOT,
    Call.Outcome.NOT_HEARD: BOT,
    Call.Outcome.FAILED: FAULT,
    Call.Outcome.LOST: FAULT,
    Call.Outcome.STAFF_HUNG_UP: STAFF,
}
"""Who ends a call that ends so."""

_HOW: Mapping[str, str] = {
    Call.Outcome.BOT_HUNG_UP: "the bot said goodbye and hung up",
    Call.Outcome.SILENCE: "the caller fell silent, and the bot hung up",
    Call.Outcome.TRANSFERRED: "the bot connected the caller to a person",
    Call.Outcome.LIMIT: "the bot hung up: the call took as long as you let calls take",
    Call.Outcome.CLOSED: "the bot hung up: it was outside the opening hours",
    Call.Outcome.NOT_HEARD: "the bot hung up: the caller could not be heard",
    Call.Outcome.FAILED: "the telephone service ended the call after a failure",
    Call.Outcome.LOST: "contact was lost; nobody reported the end",
}

_TELLING = {
    Call.Status.BUSY: "busy",
    Call.Status.NO_ANSWER: "no answer",
    Call.Status.CANCELED: "canceled before it was answered",
    Call.Status.FAILED: "failed",
}
"""What the telephone service reports that says more than that the call is over."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a call ended, by whom (a key of ENDED_BY, or empty), and what Twilio says beside it."""

    how: str
    by: str = ""
    reported: str = ""

    @property
    def text(self) -> str:
        """All of it in one sentence."""
        also = f"; the telephone service reports “{self.reported}”" if self.reported else ""
        return f"{self.how}{also}"


def ending_of(call: Call) -> Ending:
    """Describe the end of a call, or that it has none yet."""
    if not call.is_over:
        return Ending(f"not yet: {call.get_status_display()}")
    how = _HOW.get(call.outcome) or call.get_outcome_display() or call.get_status_display()
    return Ending(how, WHO.get(call.outcome, ""), _TELLING.get(Call.Status(call.status), ""))


def ended_by(call: Call) -> str:
    """Return who ended a call, in words; empty while it runs. A query where it was the staff."""
    by = ending_of(call).by
    if by == STAFF:
        acts = call.staff_acts.filter(kind=StaffAct.Kind.HANG_UP)
        # Of several, the one that ended it.
        act = acts.order_by(F("done_at").asc(nulls_first=True), "pk").last()
        if act is not None:
            return act.staff_name
    return ENDED_BY.get(by, "")
