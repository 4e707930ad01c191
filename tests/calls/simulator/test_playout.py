"""The clock of what the caller hears from a stream."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.simulator.playout import Playout

SECOND = b"\xff" * 8000


def test_mark_is_due_when_the_sound_before_it_has_played() -> None:
    """Sound plays in real time, one piece behind the other."""
    playout = Playout()
    playout.add(SECOND, now=10.0)
    playout.add(SECOND, now=10.5)
    playout.mark("end", now=10.5)
    assert playout.next_due() == 12.0
    assert playout.due(11.9) == []
    assert playout.due(12.0) == ["end"]


def test_mark_without_sound_is_due_at_once() -> None:
    """Nothing is waited for."""
    playout = Playout()
    playout.mark("now", now=5.0)
    assert playout.due(5.0) == ["now"]


def test_clear_makes_all_marks_due_and_drops_the_sound() -> None:
    """A mark that came back after a clear was not heard."""
    playout = Playout()
    playout.add(SECOND, now=0.0)
    playout.mark("a", now=0.0)
    playout.mark("b", now=0.0)
    playout.clear(now=0.25)
    assert playout.due(0.25) == ["a", "b"]
    assert playout.seconds_left(0.25) == 0.0
    assert playout.heard(0.25) == pytest.approx(0.25)


@given(st.lists(st.tuples(st.floats(0, 3), st.sampled_from(["add", "mark", "clear"]))))
def test_marks_come_back_once_and_in_order(steps: list[tuple[float, str]]) -> None:
    """Whatever the server does, no mark is lost, doubled or overtaken."""
    playout, now, sent, back = Playout(), 0.0, 0, list[str]()
    for wait, step in steps:
        now += wait
        back += playout.due(now)
        if step == "add":
            playout.add(SECOND, now)
        elif step == "mark":
            playout.mark(str(sent), now)
            sent += 1
        else:
            playout.clear(now)
    back += playout.due(max(now, playout.ends_at))
    assert back == [str(number) for number in range(sent)]
