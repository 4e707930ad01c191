"""Where in the transcript of a call the words of a search stand."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q

from calls.caller_numbers import without_number
from calls.models import Call, Turn
from calls.search.said import said
from calls.search.terms import Term

SHOWN = 3
"""As many turns of a call are shown at the most."""

AROUND = 60
"""As many characters are shown before the first word that was found; and twice as many after it."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A turn in which words of the search stand: who said it, and its text in pieces.

    Each piece is a text and whether it was looked for.
    """

    number: int
    role: str
    pieces: tuple[tuple[str, bool], ...]


def hits_of(
    calls: Iterable[Call], terms: Sequence[Term], *, may_see_numbers: bool
) -> dict[int, list[Hit]]:
    """Return the first hits in each of some calls, by its id. One query.

    Where numbers are hidden, what stands only in the caller's number is no hit.
    """
    by_id = {call.pk: call for call in calls}
    if not by_id or not terms:
        return {}
    has_any = reduce(or_, (Q(said(term)) for term in terms))
    turns = Turn.objects.filter(has_any, call__in=by_id)
    shown: dict[int, list[Hit]] = defaultdict(list)
    for turn in turns.only("call_id", "number", "role", "text").order_by("call_id", "number"):
        number = "" if may_see_numbers else by_id[turn.call_id].from_number
        pieces = marked(without_number(turn.plain_text, number), terms)
        if pieces and len(shown[turn.call_id]) < SHOWN:
            shown[turn.call_id].append(Hit(turn.number, turn.get_role_display(), pieces))
    return shown


def marked(text: str, terms: Sequence[Term]) -> tuple[tuple[str, bool], ...]:
    """Return a text around the first word of it that was looked for, in pieces; () without any."""
    spans = list(_merged(_spans(text, terms)))
    if not spans:
        return ()
    start = max(0, spans[0][0] - AROUND)
    end = min(len(text), spans[0][1] + 2 * AROUND)
    pieces = [("…", False)] if start else []
    place = start
    for begin, stop in spans:
        if begin >= end:
            break
        pieces += [(text[place:begin], False), (text[begin:stop], True)]
        place = stop
    if place < end:
        pieces.append((text[place:end], False))
    if max(place, end) < len(text):
        pieces.append(("…", False))
    return tuple((piece, is_hit) for piece, is_hit in pieces if piece)


def _spans(text: str, terms: Sequence[Term]) -> Iterator[tuple[int, int]]:
    for term in terms:
        for found in re.finditer(term.pattern, text):
            end = found.end()
            while term.is_prefix and end < len(text) and text[end].isalnum():
                end += 1  # the whole word, of which the beginning was typed
            yield found.start(), end


def _merged(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield spans in their order, those that overlap as one."""
    last: tuple[int, int] | None = None
    for span in sorted(spans):
        if last is not None and span[0] <= last[1]:
            last = (last[0], max(last[1], span[1]))
            continue
        if last is not None:
            yield last
        last = span
    if last is not None:
        yield last
