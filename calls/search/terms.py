"""What somebody looks for, taken apart into words, phrases and numbers. Pure."""

import re
from dataclasses import dataclass
from functools import cached_property

MAX_TERMS = 8
"""So many words and phrases of a search count; nobody needs more to find a call."""

MAX_LENGTH = 200
"""So many characters of each."""

_QUOTED_OR_BARE = re.compile(r'"([^"]*)"?|(\S+)')
_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"\+?[\d().\-/]+")
_SID = re.compile(r"CA\w*|[0-9a-f]{3,}", re.IGNORECASE)
_TELLING_DIGITS = 8
"""So many digits in a row of groups are one number, however it was spaced."""

_FEWEST_DIGITS = 3
"""Fewer digits are in so many numbers that they tell nothing."""


@dataclass(frozen=True)
class Term:
    """A word, a phrase in quotes, or a number, that a call must have somewhere.

    A word with `is_prefix` is the beginning of one: whoever types it has not come to its end.
    """

    text: str
    is_prefix: bool = False

    @property
    def words(self) -> list[str]:
        """What is looked for in the transcript; never empty."""
        return _WORD.findall(self.text)

    @property
    def digits(self) -> str:
        """The digits in it, without the zeros in front that only some write."""
        return re.sub(r"\D", "", self.text).lstrip("0")

    @property
    def number(self) -> str:
        """What is looked for in numbers and addresses of the telephone network; may be empty."""
        if "@" in self.text or self.text.startswith(("sip:", "client:")):
            return self.text
        digits = re.sub(r"[\s().\-/]", "", self.text)
        if not re.fullmatch(r"\+?\d+", digits):
            return ""
        return self.digits if len(self.digits) >= _FEWEST_DIGITS else ""

    @property
    def sid(self) -> str:
        """What is looked for in CallSids, as they are written; may be empty."""
        if not _SID.fullmatch(self.text) or not self._may_be_sid:
            return ""
        is_begin = self.text.startswith("CA")
        return f"CA{self.text[2:].lower()}" if is_begin else self.text.lower()

    @property
    def _may_be_sid(self) -> bool:
        return self.text.startswith("CA") or any(sign.isdigit() for sign in self.text)

    @cached_property
    def pattern(self) -> str:
        """A regular expression, blind to case, for where the words stand in a text."""
        words = r"[\W_]+".join(re.escape(word) for word in self.words)
        return rf"(?i)(?<![^\W_]){words}" + ("" if self.is_prefix else r"(?![^\W_])")


def terms_of(query: str) -> list[Term]:
    """Return what a query asks for: each of its words, and each phrase in quotes.

    The last word is taken for the beginning of one. Numbers that are written in groups are one
    term. What has neither letter nor digit is left out, and what was asked for before: for the same
    calls eight times over a database takes seconds.
    """
    found = [
        (quoted[:MAX_LENGTH], True) if quoted else (bare[:MAX_LENGTH], False)
        for quoted, bare in _QUOTED_OR_BARE.findall(query)
    ]
    pieces = [(text, is_quoted) for text, is_quoted in _joined(found) if _WORD.search(text)]
    last = len(pieces) - 1
    terms: dict[str, Term] = {}
    for place, (text, is_quoted) in enumerate(pieces):
        terms.setdefault(text.lower(), Term(text, is_prefix=place == last and not is_quoted))
    return list(terms.values())[:MAX_TERMS]


def _joined(pieces: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """Put together the groups of a number: “+31 6 1234 5678”."""
    joined: list[tuple[str, bool]] = []
    group: list[str] = []

    def close() -> None:
        digits = sum(sign.isdigit() for text in group for sign in text)
        is_number = digits >= _TELLING_DIGITS and group[0][0] in "+0("
        joined.extend([(" ".join(group), False)] if is_number else [(it, False) for it in group])
        group.clear()

    for text, is_quoted in pieces:
        if not is_quoted and _NUMBER.fullmatch(text):
            group.append(text)
            continue
        close()
        joined.append((text, is_quoted))
    close()
    return joined
