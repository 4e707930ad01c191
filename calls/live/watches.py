"""What one socket shows: all running calls, or one call.

`whole`, `look` and `watch_as` read the database, in a thread; the others never block.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection

from calls.live.feed import Feed, Message, RunningSpeech
from calls.live.hub import Interim
from calls.live.moments import ReadCall, call_read, shown_interim
from calls.live.rows import MOST_ROWS, count_read, count_words, id_of, item_of, rows_read
from calls.live.viewers import Viewer

LINGER_SECONDS = 30.0
"""How long a call that is over is shown as it changes yet: an SMS is sent, an end reported."""


class CallGone(Exception):
    """The call is on record no more."""


class Watch(ABC):
    """What one browser is shown, and has been told."""

    def __init__(self, viewer: Viewer) -> None:
        self._viewer = viewer
        self._feed = Feed()

    def watch_as(self, viewer: Viewer) -> list[Message]:
        """Go on with what a viewer may see now; return the whole where that has changed."""
        is_same = viewer.is_as(self._viewer)
        self._viewer = viewer
        return [] if is_same else self.whole()

    def alive(self) -> Message:
        """Return the message that says no more than that the connection lives."""
        return self._feed.alive()

    @abstractmethod
    def whole(self) -> list[Message]:
        """Return all that is shown. Raises CallGone."""

    @abstractmethod
    def look(self, changed: Collection[int] | None) -> list[Message]:
        """Return what is new in the calls with these ids, or in any. Raises CallGone."""

    def heard(self, interim: Interim) -> list[Message]:
        """Return what is to be told of what a caller is saying."""
        return []

    def is_done(self, now: float) -> bool:
        """Whether nothing more is to come; `now` and below are seconds since the epoch."""
        return False

    def pass_time(self, now: float) -> list[Message]:
        """Return what is to be told because time has passed."""
        return []


class CallsWatch(Watch):
    """The running calls."""

    def __init__(self, viewer: Viewer) -> None:
        super().__init__(viewer)
        self._count = 0
        """How many calls run, shown or not."""

    def whole(self) -> list[Message]:
        self._count = count_read()
        rows = rows_read(sees_numbers=self._viewer.sees_numbers)
        items = [item_of(row, self._viewer) for row in rows]
        return [self._feed.whole(items, _state(self._count))]

    def look(self, changed: Collection[int] | None) -> list[Message]:
        if self._count > MOST_ROWS:
            changed = None  # which of them are shown depends on all
        rows = rows_read(sees_numbers=self._viewer.sees_numbers, among=changed)
        ids = None if changed is None else {id_of(call_id) for call_id in changed}
        if ids is None or ids != {row.id for row in rows} or not self._feed.shows(ids):
            self._count = count_read()  # calls came or went
        items = [item_of(row, self._viewer) for row in rows]
        message = self._feed.changes(items, _state(self._count), among=ids)
        return [] if message is None else [message]


def _state(count: int) -> dict[str, object]:
    return {"words": count_words(count)}


class CallWatch(Watch):
    """One call."""

    def __init__(self, viewer: Viewer, call_id: int) -> None:
        super().__init__(viewer)
        self._call_id = call_id
        self._speech = RunningSpeech()
        self._over_at: float | None = None
        self._is_over = False

    def whole(self) -> list[Message]:
        call = self._read()
        return [self._feed.whole(call.items, call.state), *self._interim()]

    def look(self, changed: Collection[int] | None) -> list[Message]:
        call = self._read()
        message = self._feed.changes(call.items, call.state)
        return [*([] if message is None else [message]), *self._interim()]

    def heard(self, interim: Interim) -> list[Message]:
        self._speech.heard(interim.text, interim.at)
        return self._interim()

    def is_done(self, now: float) -> bool:
        if not self._is_over:
            self._over_at = None
            return False
        if self._over_at is None:
            self._over_at = now
        return now - self._over_at >= LINGER_SECONDS

    def pass_time(self, now: float) -> list[Message]:
        self._speech.pass_time(now)
        return self._interim()

    def _read(self) -> ReadCall:
        call = call_read(self._call_id, self._viewer)
        if call is None:
            raise CallGone
        self._speech.turn_taken(call.turn_at)
        self._is_over = bool(call.state["over"])
        return call

    def _interim(self) -> list[Message]:
        message = self._feed.interim(shown_interim(self._speech.text, self._viewer))
        return [] if message is None else [message]
