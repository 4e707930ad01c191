"""The time line of a call: turns, events and marks in the order of time."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from calls.admin.entries import Entry
from calls.admin.marks import Mark, marks_of
from calls.admin.timeline import timeline
from calls.models import CallEvent, Stream, Turn

NOW = timezone.now()


def at(seconds: float) -> object:
    return NOW + timedelta(seconds=seconds)


def said(number: int, seconds: float, role: str = "bot", text: str = "", **fields: object) -> Entry:
    return Entry(Turn(number=number, role=role, text=text, at=at(seconds), **fields), text)


def stream(**seconds: float) -> Stream:
    reason = str(seconds.pop("reason", "the call ended"))
    times = {name: at(second) for name, second in seconds.items()}
    return Stream(pk=7, close_reason=reason, **{"issued_at": NOW, **times})


def ids(*args: object, **kwargs: object) -> list[str]:
    return [moment.id for moment in timeline(*args, **kwargs)]


def test_all_kinds_stand_in_the_order_of_time() -> None:
    """Whichever they are of."""
    event = CallEvent(pk=3, at=at(2))
    mark = Mark("stream-7-opened", NOW + timedelta(seconds=1), "Media stream opened")
    assert ids([said(1, 0), said(2, 3)], [event], [mark]) == [
        "turn-1",
        "stream-7-opened",
        "event-3",
        "turn-2",
    ]


def test_turn_that_was_said_once_more_stays_in_its_place() -> None:
    """What followed it is not said before it."""
    assert ids([said(1, 0), said(2, 9), said(3, 4)], [CallEvent(pk=3, at=at(5))]) == [
        "turn-1",
        "turn-2",
        "turn-3",
        "event-3",
    ]


@given(st.lists(st.integers(0, 20), max_size=12), st.lists(st.integers(0, 20), max_size=6))
def test_keys_are_in_the_order_of_the_moments(turns: list[int], events: list[int]) -> None:
    """So that a page can put a new one where it belongs; turns stay in the order of the call."""
    found = timeline(
        [said(number, second) for number, second in enumerate(turns, start=1)],
        [CallEvent(pk=pk, at=at(second)) for pk, second in enumerate(sorted(events), start=1)],
    )
    keys = [moment.key for moment in found]
    assert keys == sorted(keys)
    numbers = [moment.entry.turn.number for moment in found if moment.entry is not None]
    assert numbers == sorted(numbers)
    assert len({moment.id for moment in found}) == len(turns) + len(events)


def test_time_in_the_call_stands_beside_the_clock() -> None:
    """As minutes and seconds."""
    assert [it.elapsed for it in timeline([said(1, 75)], [], began=NOW)] == ["01:15"]


def test_long_silence_is_marked() -> None:
    """Counted from where the bot was at the end of what it said."""
    found = [said(1, 0, audio_ms=5000), said(2, 20, "caller")]
    [mark] = marks_of(found, [])
    assert (mark.text, mark.at) == ("15 s in which nobody was heard to speak", at(5))


@pytest.mark.parametrize(
    "first",
    [
        said(1, 0, audio_ms=15_000),
        said(1, 0, heard_ms=11_000, audio_ms=15_000),
        said(1, 0, text="x" * 300),
    ],
)
def test_time_in_which_the_bot_speaks_is_no_silence(first: Entry) -> None:
    """Also where it is only reckoned how long it took."""
    assert marks_of([first, said(2, 20, "caller")], []) == []


def test_stream_is_marked_where_it_opened_and_where_it_was_lost() -> None:
    """With the reason."""
    texts = [it.text for it in marks_of([], [stream(opened_at=1, closed_at=9, reason="lost")])]
    assert texts == ["Media stream opened", "Media stream closed: lost"]


def test_end_that_twilio_reports_is_told_in_words() -> None:
    """In those of the media socket, which may be told of it later."""
    reported = stream(opened_at=1, closed_at=9, reason="stream-stopped")
    assert marks_of([], [reported])[-1].text == "Media stream closed: Twilio stopped it"


def test_end_of_the_last_stream_needs_no_mark() -> None:
    """The call ended."""
    assert len(marks_of([], [stream(opened_at=1, closed_at=9)])) == 1


def test_stream_that_was_never_opened_is_marked() -> None:
    """Once it is known that it never will be."""
    assert marks_of([], [stream()]) == []
    [mark] = marks_of([], [stream(closed_at=9)])
    assert mark.text == "A media stream was never opened"
