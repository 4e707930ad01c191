"""Lays a call out in a terminal of 80 columns."""

import textwrap
import time
from typing import Final, TextIO

COLUMNS: Final = 80
_NOTE_COLUMN: Final = 28
_MARGIN: Final = " " * 9
_INDENT: Final = " " * 17


class Console:
    """Prints what happens, with the seconds since the call began; styled on a terminal only."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._styled = out.isatty()
        self._began = time.monotonic()

    def begin(self) -> None:
        """Let the clock begin."""
        self._began = time.monotonic()

    def event(self, at_monotonic: float, who: str, text: str, note: str = "") -> None:
        """Print who did what, and a note at the side or, where it does not fit, below."""
        seconds = max(0.0, at_monotonic - self._began)
        width = COLUMNS - len(_INDENT)
        lines = textwrap.wrap(text, width) or [""]
        below = ""
        if note:
            aligned = f"{lines[-1]:<{_NOTE_COLUMN}}  "
            if len(aligned) + len(note) <= width:
                lines[-1] = aligned + self._style("2", note)
            else:
                below = _INDENT + self._style("2", note)
        head = f"{seconds:5.1f} s  " + self._style("1", f"{who:<8}")
        self._write(head + f"\n{_INDENT}".join(lines))
        if below:
            self._write(below)

    def remark(self, text: str) -> None:
        """Print something about the call as a whole; a long URL is not broken."""
        self._write(
            textwrap.fill(
                text,
                COLUMNS,
                initial_indent=_MARGIN,
                subsequent_indent=_MARGIN,
                break_long_words=False,
                break_on_hyphens=False,
            )
        )

    def _style(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._styled else text

    def _write(self, line: str) -> None:
        self._out.write(line + "\n")
        self._out.flush()
