"""How much a page may send."""

from hypothesis import given
from hypothesis import strategies as st

from calls.phone.pace import Pace


def test_burst_is_let_through() -> None:
    """Somebody who types fast for a moment."""
    pace = Pace(per_second=1, burst=3)
    assert [pace.allows(100.0) for _ in range(4)] == [True, True, True, False]


def test_it_recovers_with_time() -> None:
    """As much as so many seconds allow, and no more than a burst."""
    pace = Pace(per_second=2, burst=3)
    assert all(pace.allows(0.0) for _ in range(3))
    assert [pace.allows(0.5), pace.allows(0.5)] == [True, False]
    assert [pace.allows(60.0) for _ in range(4)] == [True, True, True, False]


@given(st.lists(st.floats(min_value=0, max_value=2), max_size=200))
def test_it_never_lets_more_through_than_its_rate(gaps: list[float]) -> None:
    """Over any time: so much a second, and one burst."""
    pace = Pace(per_second=5, burst=10)
    now = allowed = 0.0
    for gap in gaps:
        now += gap
        allowed += pace.allows(now)
        assert allowed <= 10 + 5 * now + 1e-6
