"""The calls in which all terms of a search are found."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db import connection
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.db.models.lookups import IsNull

from calls.caller_numbers import may_be_digits, without_number
from calls.models import Call
from calls.search.said import turns_said
from calls.search.terms import Term

MANY = 20_000
"""A term that stands in more turns than these is frequent.

The index tells the turns of a rare term within milliseconds, which are then put in order. Those of
a frequent one are too many for that, but a page of the newest calls is full of them. PostgreSQL
cannot tell which it is: it knows how often each of the most frequent words occurs, and no other.
"""

FEW = 1000
"""The calls of a term that stands in no more turns are named one by one, not looked for twice."""

CHECKED = 3000
"""A term of digits that stands in no more turns is looked for in each as it is shown."""


def calls_found(
    calls: QuerySet[Call], terms: Sequence[Term], *, may_see_numbers: bool
) -> QuerySet[Call]:
    """Narrow `calls` down to those that have every term: in a turn, or in a number or the SID.

    Each may be in another turn of the call. One query on PostgreSQL, to learn which terms are
    rare. For who may not see the numbers of callers, one more for each term that may be part of
    one: it is found where everybody sees it.
    """
    if not terms:
        return calls.none()
    for term, turns in zip(terms, _looked_up(terms), strict=True):
        if not may_see_numbers and may_be_digits(term.text, is_prefix=term.is_prefix):
            turns = _shown(term, turns)
        calls = calls.filter(_has(term, turns, may_see_numbers))
    return calls


@dataclass(frozen=True, slots=True)
class _Turns:
    """In how many turns a term stands, MANY and one more at the most; `calls` where they are few.

    Both None where the database is not asked beforehand.
    """

    count: int | None = None
    calls: frozenset[int] | None = None


def _has(term: Term, turns: _Turns, may_see_numbers: bool) -> Q:
    found: list[Any] = [_in_a_turn(term, turns)]
    if term.number:
        found.append(Q(to_number__contains=term.number))
        if may_see_numbers:
            found.append(Q(from_number__contains=term.number))
    if term.sid:
        found.append(Q(sid__contains=term.sid))
    return reduce(or_, found[1:], Q(found[0]))


def _in_a_turn(term: Term, turns: _Turns) -> Combinable | Q:
    """Return the condition in a form that leaves PostgreSQL no choice of how to go about it."""
    if turns.calls is not None:
        return Q(pk__in=turns.calls)
    found = turns_said(term)
    if turns.count is None:
        return Q(pk__in=found.values("call_id"))
    if turns.count > MANY:
        in_call = found.filter(call=OuterRef("pk"))
        return IsNull(Subquery(in_call.values("pk")[:1]), False)
    # The slice leaves nothing out. It has the index asked first, and once.
    return Q(pk__in=found.values("call_id")[: MANY + 1])


def _looked_up(terms: Sequence[Term]) -> list[_Turns]:
    """Learn of each term how many turns it stands in. One query for all of them."""
    if connection.vendor != "postgresql":
        return [_Turns() for _ in terms]
    parts: list[str] = []
    params: list[Any] = []
    for term in terms:
        turns, values = turns_said(term).values("call_id")[: MANY + 1].query.sql_with_params()
        calls = f"CASE WHEN count(*) <= {FEW} THEN array_agg(call_id) END"
        parts.append(f"(SELECT count(*) || {calls} FROM ({turns}) AS turns)")  # noqa: S608
        params += values
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", params)
        found = cursor.fetchone()
    return [_Turns(count, frozenset(calls) if count <= FEW else None) for count, *calls in found]


# --- Hidden numbers ---------------------------------------------------------------------------


def _shown(term: Term, turns: _Turns) -> _Turns:
    """Leave of the turns of a term those in which it stands where the caller's number is hidden.

    So a search tells no more than the transcript does. Where a term of digits stands in too many
    turns to look at each, none is left. A single word of so many turns, such as “one” or “for”,
    seldom is part of a number, and tells nothing of one: there all are left.
    """
    is_word = len(term.words) == 1 and term.words[0].isalpha()
    frequent = turns if is_word else _Turns(0, frozenset())
    if turns.count is not None and turns.count > CHECKED:
        return frequent
    found = turns_said(term).select_related("call")
    read = list(found.only("call", "role", "text", "call__from_number")[: CHECKED + 1])
    if len(read) > CHECKED:
        return frequent
    seen = {
        turn.call_id
        for turn in read
        if re.search(term.pattern, without_number(turn.plain_text, turn.call.from_number))
    }
    return _Turns(len(read), frozenset(seen))
