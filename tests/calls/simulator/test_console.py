"""The call on the terminal."""

import io
import time
from unittest import mock

from calls.simulator.console import COLUMNS, Console


def shown(who: str, text: str, note: str = "") -> list[str]:
    out = io.StringIO()
    with mock.patch("time.monotonic", return_value=100.0):
        console = Console(out)
    console.event(102.1, who, text, note)
    return out.getvalue().splitlines()


def test_event_is_laid_out_in_columns() -> None:
    """Time, who, what, and a note at the side."""
    assert shown("Heard", '"hello"', "612 ms after the last sound") == [
        '  2.1 s  Heard   "hello"                       612 ms after the last sound'
    ]


def test_long_text_is_wrapped_under_itself() -> None:
    """No line passes the last column, and the note goes below."""
    first, *rest, note = shown("Bot", "Please say it again, slowly. " * 5, "14 ms")
    assert first.startswith("  2.1 s  Bot     Please")
    assert all(line.startswith(" " * 17) for line in rest)
    assert note.endswith("14 ms")
    assert max(map(len, [first, *rest, note])) <= COLUMNS


def test_remark_does_not_break_addresses() -> None:
    """A URL stays whole, so that it can be clicked."""
    out = io.StringIO()
    url = "http://127.0.0.1:8000/" + "x" * 90
    Console(out).remark(f"Transcript: {url}")
    assert url in out.getvalue()


def test_no_colours_outside_a_terminal() -> None:
    """A file or a pipe gets plain text."""
    assert "\x1b" not in "".join(shown("Bot", "Hi", "note"))


def test_terminal_gets_bold_names() -> None:
    """On a terminal the one who speaks stands out."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    out = Terminal()
    Console(out).event(time.monotonic(), "Bot", "Hi")
    assert "\x1b[1mBot" in out.getvalue()
