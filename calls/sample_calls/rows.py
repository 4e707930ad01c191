"""Sample calls as rows of the tables of the record. Pure: the same seed gives the same calls."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from calls.sample_calls.texts import (
    DAYS,
    EVENTS,
    HOURS,
    MISSED,
    NAMES,
    STREETS,
    SampleBot,
    SampleIntent,
)

SID_PREFIX = "CAsample"
"""No CallSid of Twilio's begins so: theirs are hexadecimal."""

SPREAD = timedelta(days=90)
"""How far back the calls go."""

Row = dict[str, Any]

_MISS_SHARE = 0.08
_SLOW_SHARE = 0.01
_EVENT_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class BotIds:
    """A sample bot as it is in the database: its id, and those of its intents by their names."""

    bot: SampleBot
    id: int
    intents: Mapping[str, int]


@dataclass(slots=True)
class SampleCall:
    """One call: its own row, and those of what belongs to it, which do not name it yet."""

    call: Row
    turns: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    streams: list[Row] = field(default_factory=list)


def sample_calls(
    bots: list[BotIds], count: int, turns: int, first: int, now: datetime, seed: int
) -> Iterator[SampleCall]:
    """Yield `count` calls of about `turns` turns, the oldest first, numbered from `first`."""
    lots = Random(seed)  # noqa: S311  # draws lots, not secrets
    for place in range(count):
        began = now - SPREAD * (1 - place / count) - timedelta(seconds=lots.uniform(600, 1200))
        yield _call(lots, lots.choice(bots), turns, first + place, began)


def _call(lots: Random, ids: BotIds, turns: int, number: int, began: datetime) -> SampleCall:
    outcome, status = lots.choices(
        [
            ("bot", "completed"),
            ("caller", "completed"),
            ("silence", "completed"),
            ("transferred", "completed"),
            ("limit", "completed"),
            ("failed", "failed"),
            ("lost", "completed"),
        ],
        [52, 30, 8, 5, 2, 2, 1],
    )[0]
    made = SampleCall({})
    at = _talk(lots, ids, made, max(1, round(lots.gauss(turns, turns / 4))), began, outcome)
    answers = [turn["answer_ms"] for turn in made.turns if turn.get("answer_ms") is not None]
    made.call = {
        "sid": f"{SID_PREFIX}{number:026}",
        "account_sid": "AC" + "0" * 32,
        "bot_id": ids.id,
        "status": status,
        "outcome": outcome,
        "direction": "inbound",
        # A third of the callers ring again and again.
        "from_number": f"+3161{lots.randrange(3000) if lots.random() < 0.3 else number:07}",
        "to_number": ids.bot.number,
        "started_at": began,
        "ended_at": at,
        "duration_seconds": round((at - began).total_seconds()),
        "turn_count": len(made.turns),
        "miss_count": sum(turn["rule"] == "no-match" for turn in made.turns[1::2]),
        "slowest_ms": max(answers, default=None),
        "seen_at": at,
    }
    if lots.random() < _EVENT_SHARE:
        kind, detail, ms = lots.choice(EVENTS)
        later = began + (at - began) * lots.random()
        made.events.append({"at": later, "kind": kind, "detail": detail, "ms": ms})
    made.streams.append(_stream(number, began, at))
    return made


def _talk(
    lots: Random, ids: BotIds, made: SampleCall, turns: int, at: datetime, outcome: str
) -> datetime:
    """Let caller and bot talk; return when the call was over."""
    made.turns.append(_said(1, ids.bot.greeting, at, "greeting"))
    words = {
        "order": f"{lots.randrange(100_000):05}",
        "day": lots.choice(DAYS),
        "hour": lots.choice(HOURS),
        "name": lots.choice(NAMES),
        "street": lots.choice(STREETS),
    }
    while len(made.turns) < turns:
        at += timedelta(seconds=lots.uniform(2.5, 9))
        is_last = len(made.turns) + 2 >= turns and outcome == "bot"
        intent = ids.bot.goodbye if is_last else lots.choice(ids.bot.intents)
        if not is_last and lots.random() < _MISS_SHARE:
            _missed(lots, ids, made, at, words)
        else:
            _answered(lots, ids, made, at, words, intent)
    return at + timedelta(seconds=lots.uniform(1, 6))


def _answered(
    lots: Random, ids: BotIds, made: SampleCall, at: datetime, words: Row, intent: SampleIntent
) -> None:
    number = len(made.turns) + 1
    heard = _heard(lots, number, lots.choice(intent.said).format_map(words), at, "intent")
    heard |= {
        "intent_id": ids.intents[intent.name],
        "intent_name": intent.name,
        "keyword": intent.keyword,
        "match_kind": "phrase",
        "match_score": 1.0,
    }
    said = _said(number + 1, intent.reply.format_map(words), at, "intent", _answer_ms(lots))
    made.turns += [heard, said | {"action": intent.action}]


def _missed(lots: Random, ids: BotIds, made: SampleCall, at: datetime, words: Row) -> None:
    number = len(made.turns) + 1
    heard = _heard(lots, number, lots.choice(MISSED).format_map(words), at, "no-match")
    said = _said(number + 1, ids.bot.fallback, at, "no-match", _answer_ms(lots))
    made.turns += [heard, said]


def _heard(lots: Random, number: int, text: str, at: datetime, rule: str) -> Row:
    confidence = round(min(0.99, lots.betavariate(9, 1.5)), 3)
    return {
        "number": number,
        "role": "caller",
        "text": text,
        "at": at,
        "rule": rule,
        "confidence": confidence,
    }


def _said(number: int, text: str, at: datetime, rule: str, answer_ms: int | None = None) -> Row:
    return {
        "number": number,
        "role": "bot",
        "text": text,
        "at": at + timedelta(milliseconds=answer_ms or 0),
        "rule": rule,
        "delivery": "sent",
        "answer_ms": answer_ms,
    }


def _answer_ms(lots: Random) -> int:
    slow = lots.random() < _SLOW_SHARE
    return round(lots.uniform(1000, 6000) if slow else lots.lognormvariate(2.6, 0.6))


def _stream(number: int, began: datetime, ended: datetime) -> Row:
    return {
        "token_digest": f"{SID_PREFIX}{number:056}",
        "issued_at": began,
        "expires_at": began + timedelta(minutes=1),
        "stream_sid": f"MZ{number:032}",
        "opened_at": began + timedelta(milliseconds=300),
        "seen_at": ended,
        "closed_at": ended,
        "close_reason": "the call ended",
        "audio_bytes": int((ended - began).total_seconds() * 8000),
    }
