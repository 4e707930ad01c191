"""A call as it is exported: plain values under the names that files have for them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from calls.caller_numbers import HIDDEN, without_number
from calls.models import Call, CallEvent, StaffAct, Turn
from calls.outcomes import WHO

Record = dict[str, Any]
"""A call with `turns`, `events` and `staff_acts`, lists of such; times are aware datetimes."""


def record_of(
    call: Call,
    turns: Iterable[Turn],
    events: Iterable[CallEvent],
    acts: Iterable[StaffAct],
    *,
    may_see_numbers: bool,
) -> Record:
    """Return a call as a record. Else than for those who may see it, its number is nowhere."""
    number = "" if may_see_numbers else call.from_number
    acts = list(acts)
    staff = {act.turn_id: act.staff_name for act in acts}
    duration = call.duration
    return {
        "call": call.sid,
        "bot": "" if call.bot is None else call.bot.name,
        "started": call.started_at,
        "ended": call.ended_at,
        "seconds": None if duration is None else round(duration.total_seconds()),
        "caller": call.from_number if may_see_numbers else HIDDEN,
        "number_called": call.to_number,
        "direction": call.direction,
        "test": call.is_test,
        "status": call.status,
        "outcome": call.outcome,
        "ended_by": WHO.get(call.outcome, "") if call.is_over else "",
        "misses": call.miss_count,
        "slowest_ms": call.slowest_ms,
        "turns": [_without(_turn(call, turn, staff.get(turn.pk, "")), number) for turn in turns],
        "events": [_without(_event(call, event), number) for event in events],
        "staff_acts": [_act(call, act) for act in acts],
    }


def _turn(call: Call, turn: Turn, staff: str) -> Record:
    return {
        "turn": turn.number,
        "at": turn.at,
        "seconds_in": _seconds_in(call, turn.at),
        "who": turn.role,
        "staff": staff,
        "text": turn.plain_text,
        "intent": turn.intent_name,
        "keyword": turn.keyword,
        "match": turn.match_kind,
        "score": turn.match_score,
        "rule": turn.rule,
        "confidence": turn.confidence,
        "captured": turn.captured,
        "action": turn.action,
        "parameter": turn.parameter,
        "delivery": turn.delivery,
        "answer_ms": turn.answer_ms,
        "heard_ms": turn.heard_ms,
        "early": turn.is_early,
        "note": turn.note,
    }


def _event(call: Call, event: CallEvent) -> Record:
    return {
        "at": event.at,
        "seconds_in": _seconds_in(call, event.at),
        "kind": event.kind,
        "detail": event.detail,
        "ms": event.ms,
    }


def _act(call: Call, act: StaffAct) -> Record:
    return {
        "at": act.at,
        "seconds_in": _seconds_in(call, act.at),
        "kind": act.kind,
        "staff": act.staff_name,
    }


def _seconds_in(call: Call, at: datetime) -> float:
    return round((at - call.started_at).total_seconds(), 3)


def _without(value: Any, number: str) -> Any:
    """Return a value without a caller's number in any text of it; `number` empty for as it is."""
    if not number:
        return value
    match value:
        case str():
            return without_number(value, number)
        case dict():
            return {key: _without(it, number) for key, it in value.items()}
        case list():
            return [_without(it, number) for it in value]
    return value
