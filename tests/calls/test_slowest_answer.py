"""Which answers are the slowest so far."""

from hypothesis import given
from hypothesis import strategies as st

from calls.slowest_answer import SlowestAnswer


@given(st.lists(st.integers(0, 5000)))
def test_answers_that_beat_all_before_them_lead_to_the_slowest(times: list[int]) -> None:
    """The last of them is the slowest of all; each is slower than the one before."""
    slowest = SlowestAnswer()
    beaten = [ms for ms in times if slowest.is_beaten_by(ms)]
    assert beaten == sorted(set(beaten))
    assert beaten[-1:] == ([max(times)] if times else [])
