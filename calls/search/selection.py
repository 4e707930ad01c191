"""The calls in which all terms of a search are found."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db import connection
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.db.models.lookups import IsNull

from calls.caller_numbers import spoken_digits
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


def calls_found(
    calls: QuerySet[Call], terms: Sequence[Term], *, may_see_numbers: bool
) -> QuerySet[Call]:
    """Narrow `calls` down to those that have every term: in a turn, or in a number or the SID.

    Each may be in another turn of the call. One query on PostgreSQL, to learn which terms are
    rare. Who may not see the numbers of callers finds none by their digits, wherever they stand.
    """
    if not terms:
        return calls.none()
    for term, turns in zip(terms, _looked_up(terms), strict=True):
        calls = calls.filter(_has(term, turns, may_see_numbers))
        if not may_see_numbers:
            for digits in _guessed(term):
                calls = calls.exclude(~_shown(term), from_number__contains=digits)
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


def _guessed(term: Term) -> set[str]:
    """Return the digits by which a hidden number could be guessed, said or written."""
    return {digits for digits in (term.digits, *spoken_digits(term.text)) if digits}


def _shown(term: Term) -> Q:
    """Return in which calls the term stands where everybody sees it."""
    return Q(sid__icontains=term.text) | Q(to_number__icontains=term.text)
