"""What is otherwise between two snapshots, in words for the editor."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Field, Model

from chatbot.history.snapshots import Row, Snapshot
from chatbot.history.tracked import FIELDS, ROW_MODELS
from chatbot.models import (
    ClosedDay,
    Keyword,
    OpeningTime,
    PhoneNumber,
    Pronunciation,
    Reply,
    Reprompt,
)

MAX_QUOTED = 200
"""How much of a text is quoted, in characters."""

NameOf = Callable[[type[Model], int], str]
"""Gives the name of a bot or an intent by its id, also where it is deleted."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """How rows of a model are called, and which of their fields their label holds."""

    noun: str
    labelled: frozenset[str]


_KINDS: Mapping[type[Model], _Kind] = {
    Keyword: _Kind("keyword", frozenset({"text"})),
    Reply: _Kind("reply", frozenset({"text"})),
    Reprompt: _Kind("reply", frozenset({"text"})),
    OpeningTime: _Kind("opening time", frozenset({"weekday", "opens", "closes"})),
    ClosedDay: _Kind("closed day", frozenset({"day", "name"})),
    PhoneNumber: _Kind("phone number", frozenset({"number"})),
    Pronunciation: _Kind("pronunciation", frozenset({"word", "phones"})),
}


def sentences(before: Snapshot, after: Snapshot, name_of: NameOf) -> list[str]:
    """Return what was changed, a short sentence each; neither snapshot is of something deleted."""
    if before.owner is None or after.owner is None:
        raise ValueError("What is deleted has nothing to compare.")
    return [
        *_field_sentences(before.owner, after.owner, FIELDS[after.owner.model], name_of),
        *_row_sentences(before.rows, after.rows, name_of),
    ]


# --- Fields -----------------------------------------------------------------------------------


def _field_sentences(
    before: Row, after: Row, names: tuple[str, ...] | list[str], name_of: NameOf
) -> Iterator[str]:
    old_fields, new_fields = before.fields, after.fields
    for name in names:
        old, new = old_fields.get(name), new_fields.get(name)
        if old == new:
            continue
        field = before.model._meta.get_field(name)
        if not isinstance(field, Field):
            continue
        title = str(field.verbose_name)
        if field.many_to_many:
            yield from _link_sentences(title, field, old or [], new or [], name_of)
        elif isinstance(old, str) and isinstance(new, str) and not field.choices:
            yield f"{title} {_quote(old)} became {_quote(new)}"
        else:
            yield f"{title}: {_words(field, old, name_of)} → {_words(field, new, name_of)}"


def _link_sentences(
    title: str, field: Field[Any, Any], old: list[Any], new: list[Any], name_of: NameOf
) -> Iterator[str]:
    model: Any = field.related_model
    for id in sorted(set(new) - set(old)):
        yield f"{title} {_quote(name_of(model, int(id)))} from now on"
    for id in sorted(set(old) - set(new)):
        yield f"{title} {_quote(name_of(model, int(id)))} no longer"


def _words(field: Field[Any, Any], value: Any, name_of: NameOf) -> str:
    """Return a value as the form shows it."""
    if value is None or value == "":
        choice = dict(field.flatchoices).get(value) if field.choices else None
        return str(choice) if choice else "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if field.is_relation:
        model: Any = field.related_model
        return _quote(name_of(model, int(value)))
    return str(value) if isinstance(value, int) else _quote(str(value))


# --- Rows -------------------------------------------------------------------------------------


def _row_sentences(before: frozenset[Row], after: frozenset[Row], name_of: NameOf) -> Iterator[str]:
    for model in ROW_MODELS:
        old = {row.id: row for row in before if row.model is model}
        new = {row.id: row for row in after if row.model is model}
        _pair_by_content(old, new)
        for id in sorted(old.keys() | new.keys()):
            if id not in old:
                yield f"{_noun(new[id])} {_label(new[id])} added"
            elif id not in new:
                yield f"{_noun(old[id])} {_label(old[id])} deleted"
            elif old[id] != new[id]:
                yield from _changed_row(old[id], new[id], name_of)


def _pair_by_content(old: dict[int, Row], new: dict[int, Row]) -> None:
    """Drop rows that only have another id: deleted, and written anew as they were."""
    gone = {row.content: id for id, row in old.items() if id not in new}
    for id, row in list(new.items()):
        if id not in old and (twin := gone.pop(row.content, None)) is not None:
            del old[twin], new[id]


def _changed_row(old: Row, new: Row, name_of: NameOf) -> Iterator[str]:
    kind = _KINDS[new.model]
    old_fields, new_fields = old.fields, new.fields
    if any(old_fields.get(name) != new_fields.get(name) for name in kind.labelled):
        yield f"{_noun(old)} {_label(old)} became {_label(new)}"
    others = [name for name in FIELDS[new.model] if name not in kind.labelled]
    for sentence in _field_sentences(old, new, others, name_of):
        yield f"{_noun(new)} {_label(new)}, {sentence}"


def _noun(row: Row) -> str:
    if row.model is Reprompt:
        kind = Reprompt.Kind.NO_INPUT
        return "reply to silence" if row.fields.get("kind") == kind else "reply if not understood"
    return _KINDS[row.model].noun


def _label(row: Row) -> str:
    return _quote(row.label)


def _quote(text: str) -> str:
    text = " ".join(text.split())
    if len(text) > MAX_QUOTED:
        text = f"{text[:MAX_QUOTED].rstrip()}…"
    return f"“{text}”" if text else "nothing"
