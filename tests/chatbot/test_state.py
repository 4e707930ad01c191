"""Where a dialogue stands, as a value and as JSON."""

import json
from datetime import UTC, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.expectations import ANYTHING, Expectation
from chatbot.state import State
from chatbot.values import Value

COUNTS = st.integers(0, 2**31)
IDS = st.integers(0, 2**63 - 1)
STATES = st.builds(
    State,
    turns=COUNTS,
    silences=COUNTS,
    misses=COUNTS,
    context=st.none() | IDS,
    last_replies=st.dictionaries(IDS, COUNTS, max_size=5),
    values=st.dictionaries(
        st.text(), st.builds(Value, st.text(), st.text(), st.text()), max_size=3
    ),
    said=st.text(),
    began=st.none() | st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=2))])),
    ended=st.booleans(),
    expects=st.builds(Expectation, st.text(), st.lists(st.text()).map(tuple), st.text(), st.text()),
)
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(STATES)
def test_state_survives_json(state: State) -> None:
    """What was written is read again."""
    assert State.from_json(json.loads(json.dumps(state.to_json()))) == state


@given(JSON_VALUES)
def test_state_from_any_json_value_never_raises(value: object) -> None:
    """Whatever is on record, a dialogue goes on."""
    assert isinstance(State.from_json(value), State)


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {"turns": -1},
        {"silences": "1"},
        {"misses": True},
        {"last_replies": {"x": 1}},
        {"last_replies": {"1": -1}},
        {"values": {"order": "4711"}},
        {"began": "yesterday"},
        {"began": "2026-11-23T12:00:00"},
        {"context": 1.5},
        {"expects": "yesno"},
    ],
)
def test_state_from_junk_is_fresh(value: object) -> None:
    """What `to_json` could not have written is not half read."""
    assert State.from_json(value) == State()


def test_state_without_an_expectation_expects_anything() -> None:
    """So it was kept before replies could expect something."""
    state = State.from_json({"turns": 1, "context": 1, "said": "Hi.", "ended": False})
    assert state == State(turns=1, context=1, said="Hi.", expects=ANYTHING)


def test_state_of_an_older_shape_keeps_what_it_shares() -> None:
    """A call goes on over an update that added to the state."""
    state = State.from_json({"silences": 1, "replies_given": {"1": 2}, "ended": False})
    assert state == State(silences=1)
