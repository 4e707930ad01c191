"""What one browser has been told, and what it is to be told next. Pure.

Every message has a number, one more than the last, so that a browser knows what it missed. One that
connects anew is told the whole, and what it shows already stays as it is: every item has an id, and
a key by which it has its place, so nothing is shown twice.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

import msgspec

INTERIM_SECONDS = 6.0
"""How long an interim is shown of which nothing more is heard."""

SPEAKING = "…"
"""Shown of a caller who speaks while no word is known; some recognizers know none until he ends."""


class Message(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a browser is told; one without content says that the connection lives.

    `whole` tells that `put` is all there is. `put` are fragments of HTML, each one element with an
    id, and with a `data-key` in the order of which they stand. `gone` are ids.
    `state` describes the whole, and `interim` is what the caller is saying, SPEAKING where no word
    of it is known, empty for nothing; either is None where it is as it was.
    """

    seq: int
    whole: bool = False
    put: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    state: Mapping[str, object] | None = None
    interim: str | None = None

    def to_json(self) -> str:
        """Return the message as it is sent."""
        return msgspec.json.encode(self).decode()


@dataclass(frozen=True, slots=True)
class Item:
    """Something that is shown. `version` differs where `html` does, which is made on demand."""

    id: str
    version: object
    html: Callable[[], str]


class Feed:
    """What one browser has been told."""

    def __init__(self) -> None:
        self._seq = 0
        self._told: dict[str, object] = {}
        self._state: Mapping[str, object] | None = None
        self._interim = ""

    def whole(self, items: Iterable[Item], state: Mapping[str, object]) -> Message:
        """Return all there is, for a browser of which it is not known what it shows."""
        shown = list(items)
        self._told = {item.id: item.version for item in shown}
        self._state = state
        put = tuple(item.html() for item in shown)
        return self._message(whole=True, put=put, state=state, interim=self._interim)

    def changes(
        self,
        items: Iterable[Item],
        state: Mapping[str, object],
        *,
        among: Collection[str] | None = None,
    ) -> Message | None:
        """Return what is new, or None. `among` are the ids that were looked at; None: all."""
        found = {item.id: item for item in items}
        looked_at = self._told.keys() if among is None else self._told.keys() & set(among)
        gone = tuple(sorted(looked_at - found.keys()))
        fresh = [
            item
            for id_, item in found.items()
            if id_ not in self._told or self._told[id_] != item.version
        ]
        new_state = None if state == self._state else state
        if not fresh and not gone and new_state is None:
            return None
        for id_ in gone:
            del self._told[id_]
        self._told.update((item.id, item.version) for item in fresh)
        self._state = state
        return self._message(put=tuple(item.html() for item in fresh), gone=gone, state=new_state)

    def shows(self, ids: Collection[str]) -> bool:
        """Whether the browser was told of all items with these ids."""
        return self._told.keys() >= set(ids)

    def interim(self, text: str) -> Message | None:
        """Return what the caller is saying, or None where the browser shows it."""
        if text == self._interim:
            return None
        self._interim = text
        return self._message(interim=text)

    def alive(self) -> Message:
        """Return the message that says no more than that the connection lives."""
        return self._message()

    def _message(
        self,
        *,
        whole: bool = False,
        put: tuple[str, ...] = (),
        gone: tuple[str, ...] = (),
        state: Mapping[str, object] | None = None,
        interim: str | None = None,
    ) -> Message:
        self._seq += 1
        return Message(self._seq, whole, put, gone, state, interim)


class RunningSpeech:
    """What a caller is saying that is not a turn yet.

    Times are seconds since the epoch, by the clock of the process that holds the call.
    """

    def __init__(self) -> None:
        self._text = ""
        self._at = 0.0
        self._turn_at = 0.0

    @property
    def text(self) -> str:
        """What is to be shown; empty for nothing."""
        return self._text

    def heard(self, text: str, at: float) -> None:
        """Take an interim; one that is older than what is known counts for nothing.

        One without words says no more than that there are some: none that are shown are lost by it.
        """
        if at > max(self._at, self._turn_at) and (text or not self._text):
            self._text, self._at = text or SPEAKING, at

    def turn_taken(self, at: float) -> None:
        """Take note of the caller's last turn: what was said before it is on record."""
        self._turn_at = max(at, self._turn_at)
        if self._at <= self._turn_at:
            self._text = ""

    def pass_time(self, now: float) -> None:
        """Forget what nothing came of."""
        if now - self._at >= INTERIM_SECONDS:
            self._text = ""
