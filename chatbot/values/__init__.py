"""Values that callers say: order numbers, dates, telephone numbers, names.

Pure: imports neither Django nor asyncio. One file per kind; a new kind is one more file, and a
line in `value.KINDS`. Another language is a file such as `dutch.py`, and a line in
`languages.VOCABULARIES`.
"""

from chatbot.values.kind import Kind
from chatbot.values.politeness import without_please
from chatbot.values.value import KINDS, LONGEST_TEXT, Value, read, spoken, typical, warm

__all__ = [
    "KINDS",
    "LONGEST_TEXT",
    "Kind",
    "Value",
    "read",
    "spoken",
    "typical",
    "warm",
    "without_please",
]
