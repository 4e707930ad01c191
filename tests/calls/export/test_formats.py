"""How files of calls are written."""

import csv
import io
import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.export.formats import CALL_COLUMNS, TURN_COLUMNS, Csv, Json, harmless

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
AT = datetime(2026, 11, 26, 23, 30, tzinfo=UTC)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


def a_record(*said: str, bot: str = "Test bot") -> dict[str, Any]:
    call = dict.fromkeys(CALL_COLUMNS) | {"call": "CA1", "bot": bot, "started": AT, "ended": AT}
    turns = [dict.fromkeys(TURN_COLUMNS) | {"text": text, "at": AT} for text in said]
    return {**call, "turns": turns, "events": []}


def rows_of(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def written(form: Csv | Json, *chunks: list[dict[str, Any]]) -> str:
    return form.begin() + "".join(form.write(chunk) for chunk in chunks) + form.end()


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "＝"])
def test_cell_is_no_formula(sign: str) -> None:
    """A caller cannot run anything on the supervisor's machine."""
    assert harmless(f"{sign}1+1") == f"'{sign}1+1"


def test_other_cells_are_as_they_were() -> None:
    """A sign in the middle does nothing."""
    assert harmless("1 = 1") == "1 = 1"


@given(st.lists(texts, max_size=4), texts)
def test_csv_reads_back(said: list[str], bot: str) -> None:
    """Quotes, commas and line ends in what was said tear no row apart, and no cell is a formula."""
    head, *rows = rows_of(written(Csv(UTC), [a_record(*said, bot=bot)]))
    texts_at, bot_at = len(CALL_COLUMNS) + TURN_COLUMNS.index("text"), CALL_COLUMNS.index("bot")
    assert [row[texts_at] for row in rows] == ([harmless(text) for text in said] or [""])
    assert {row[bot_at] for row in rows} == {harmless(bot)}
    assert all(len(row) == len(head) for row in rows)
    assert not any(
        cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows for cell in row
    )


def test_csv_begins_with_the_mark_of_utf_8() -> None:
    """Without it spreadsheets take “é” for something else."""
    assert written(Csv(UTC)).encode().startswith(b"\xef\xbb\xbfcall,bot,started (UTC),")


def test_times_of_csv_are_of_the_zone_that_its_head_names() -> None:
    """So that a spreadsheet can reckon with them."""
    head, row = rows_of(written(Csv(AMSTERDAM), [a_record("hello")]))
    place = head.index("started (Europe/Amsterdam)")
    assert row[place] == "2026-11-27 00:30:00"


@given(st.lists(st.lists(texts, max_size=3), max_size=4))
def test_json_reads_back(chunks: list[list[str]]) -> None:
    """However many records come at a time."""
    sent = [[a_record(text) for text in chunk] for chunk in chunks]
    records = json.loads(written(Json(UTC), *sent))
    assert [record["turns"][0]["text"] for record in records] == [
        text for chunk in chunks for text in chunk
    ]


def test_times_of_json_have_their_offset() -> None:
    """Programs want to know."""
    [record] = json.loads(written(Json(AMSTERDAM), [a_record()]))
    assert record["started"] == "2026-11-27T00:30:00.000+01:00"


@pytest.mark.parametrize("chunks", [[], [[a_record("hello")]]])
def test_json_that_broke_off_is_none(chunks: list[list[dict[str, Any]]]) -> None:
    """No program takes it for all there is."""
    form = Json(UTC)
    text = form.begin() + "".join(map(form.write, chunks)) + form.broken()
    with pytest.raises(json.JSONDecodeError):
        json.loads(text)
