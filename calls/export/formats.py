"""How a file of calls is written: CSV for spreadsheets, JSON for programs. Pure.

A file that broke off tells so. CSV has a last row that says INCOMPLETE; JSON lacks the bracket
at its end, so that no program takes it for a whole one.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, tzinfo
from typing import Any, ClassVar, Protocol

from calls.export.record import Record

INCOMPLETE = "INCOMPLETE: the export broke off here. Export once more."

CALL_COLUMNS = (
    *("call", "bot", "started", "ended", "seconds", "caller", "number_called", "test"),
    *("status", "outcome", "ended_by", "misses", "slowest_ms"),
)
TURN_COLUMNS = (
    *(
        "turn",
        "at",
        "seconds_in",
        "who",
        "staff",
        "text",
        "intent",
        "keyword",
        "match",
        "score",
        "rule",
    ),
    *("confidence", "action", "parameter", "delivery", "answer_ms", "note"),
)

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a cell begins with that a spreadsheet takes for a formula."""


class Format(Protocol):
    """How records become a file, piece by piece."""

    content_type: ClassVar[str]

    def begin(self) -> str:
        """Return what comes before the first record."""

    def write(self, records: Iterable[Record]) -> str:
        """Return some records."""

    def end(self) -> str:
        """Return what comes after the last record."""

    def broken(self) -> str:
        """Return what tells that the records are not all, in the place of the end."""


class Csv:
    """A row for each turn, each with what there is to say of its call. UTF-8 with a mark, as
    spreadsheets want it; times are those of the admin's time zone, which the head names.
    """

    content_type: ClassVar[str] = "text/csv; charset=utf-8"

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone

    def begin(self) -> str:
        timed = {"started", "ended", "at"}
        names = [
            f"{name} ({self._zone})" if name in timed else name
            for name in (*CALL_COLUMNS, *TURN_COLUMNS)
        ]
        return "\ufeff" + _rows([names])

    def write(self, records: Iterable[Record]) -> str:
        return _rows(row for record in records for row in self._of(record))

    def end(self) -> str:
        return ""

    def broken(self) -> str:
        return _rows([[INCOMPLETE]])

    def _of(self, record: Record) -> Iterator[list[Any]]:
        call = [self._cell(record[name]) for name in CALL_COLUMNS]
        turns: list[Mapping[str, Any]] = record["turns"] or [{}]
        for turn in turns:
            yield [*call, *(self._cell(turn.get(name)) for name in TURN_COLUMNS)]

    def _cell(self, value: Any) -> Any:
        if isinstance(value, datetime):
            return value.astimezone(self._zone).strftime("%Y-%m-%d %H:%M:%S")
        return harmless(value) if isinstance(value, str) else value


class Json:
    """An array of calls, each an object on a line of its own, with its turns and events in it."""

    content_type: ClassVar[str] = "application/json"

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone
        self._is_first = True

    def begin(self) -> str:
        return "[\n"

    def write(self, records: Iterable[Record]) -> str:
        lines = ",\n".join(self.line(record) for record in records)
        separator = "" if self._is_first or not lines else ",\n"
        self._is_first = self._is_first and not lines
        return separator + lines

    def end(self) -> str:
        return "\n]\n"

    def broken(self) -> str:
        comma = "" if self._is_first else ",\n"
        return comma + json.dumps({"incomplete": INCOMPLETE}) + "\n"

    def line(self, record: Record) -> str:
        """Return one call."""
        return json.dumps(record, ensure_ascii=False, default=self._plain)

    def _plain(self, value: Any) -> str:
        if not isinstance(value, datetime):
            raise TypeError(f"An export holds no {type(value).__name__}.")
        return value.astimezone(self._zone).isoformat(timespec="milliseconds")


FORMATS: Mapping[str, type[Csv] | type[Json]] = {"csv": Csv, "json": Json}
"""By the ending of the file's name."""


def harmless(text: str) -> str:
    """Return a text as a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _rows(rows: Iterable[Iterable[Any]]) -> str:
    written = io.StringIO()
    csv.writer(written).writerows(rows)
    return written.getvalue()
