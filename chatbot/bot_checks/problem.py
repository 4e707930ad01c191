"""What a check finds: what is wrong with a bot, and where. Pure."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a problem disappoints callers."""

    ERROR = "error"
    """Something that the editor wrote never happens, or goes wrong whenever it does."""
    WARNING = "warning"
    """Some callers, or callers at some moments, get less than they could."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a problem is mended: on the page of an intent, or of the bot where there is none.

    `label` names the row or field to the editor, empty where the whole page is meant; `anchor`
    is the id of its element there. A row has the id that Django gives to inline forms: the prefix
    of the rows, a hyphen, and its place from 0.
    """

    label: str = ""
    anchor: str = ""
    intent_id: int | None = None
    intent: str = ""

    def __str__(self) -> str:
        page = f"intent “{self.intent}”" if self.intent_id is not None else "the bot"
        return f"{page}, {self.label}" if self.label else page


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem, as three sentences: what is wrong, what callers experience, what to do."""

    severity: Severity
    place: Place
    what: str
    effect: str
    remedy: str
