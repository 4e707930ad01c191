"""What is asked of an outside address, and what comes back. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

MAX_BODY_BYTES: Final = 64_000
"""How much of an answer is read; a longer one is refused."""


@dataclass(frozen=True, slots=True)
class OutsideRequest:
    """One HTTP POST.

    `body` holds what JSON can: texts, finite numbers, booleans, None, lists and mappings of these.
    `deadline_seconds` covers everything from the look-up of the name to the last byte of the
    answer. `secret` signs the request, where there is one. An address of the own network is asked
    only where it `may_be_private` or the setting OUTSIDE_PRIVATE_HOSTS names it.
    """

    url: str
    body: Mapping[str, object]
    deadline_seconds: float
    secret: str = ""
    may_be_private: bool = False
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class OutsideReply:
    """A successful answer: its HTTP status, its decoded JSON (None for an empty body), its time."""

    status: int
    content: object
    milliseconds: int


class OutsideError(Exception):
    """No answer that can be used; the message ends a sentence that begins with the address.

    Such as “did not answer within 4 s”. It tells nothing of what the answer said.
    """
