"""Calls as files: one, or as many as a list has, written while they are read."""

from calls.export.formats import FORMATS, Format
from calls.export.reading import call_read, calls_read
from calls.export.streaming import streamed
from calls.export.text import as_text

__all__ = ["FORMATS", "Format", "as_text", "call_read", "calls_read", "streamed"]
