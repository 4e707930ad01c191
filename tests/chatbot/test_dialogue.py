"""What the bot answers."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.dialogue import State, apologise, no_input, opening, reprompt, respond
from chatbot.script import Action, ScriptReply
from tests.chatbot.bots import make_intent, make_script

SCRIPT = make_script(
    make_intent(1, "hello", replies=(ScriptReply("One."), ScriptReply("Two."))),
    make_intent(2, "bye", replies=(ScriptReply("So long.", Action.HANGUP),)),
    make_intent(3, "silent"),
)

STATES = st.builds(
    State,
    silences=st.integers(min_value=0),
    replies_given=st.dictionaries(st.integers(0, 2**63 - 1), st.integers(min_value=0), max_size=5),
    ended=st.booleans(),
)
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


def test_opening_greets_and_hints() -> None:
    """A dialogue begins with the greeting, and expects the keywords."""
    answer, state = opening(SCRIPT)
    assert (answer.text, answer.action, answer.match) == ("Welcome.", Action.NONE, None)
    assert answer.hints == ("hello", "bye", "silent")
    assert state == State()


def test_respond_gives_the_reply_and_why() -> None:
    """The answer carries the match that led to it."""
    answer, _ = respond(SCRIPT, State(), "hello there")
    assert answer.text == "One."
    assert answer.match is not None
    assert answer.match.keyword == "hello"


def test_respond_gives_replies_in_turn() -> None:
    """Several replies of an intent come one after the other, and then again."""
    state, said = State(), []
    for _ in range(3):
        answer, state = respond(SCRIPT, state, "hello")
        said.append(answer.text)
    assert said == ["One.", "Two.", "One."]


def test_respond_hangs_up_where_the_reply_does() -> None:
    """The action of the reply goes with the answer, and ends the dialogue."""
    answer, state = respond(SCRIPT, State(), "bye")
    assert (answer.text, answer.action, state.ended) == ("So long.", Action.HANGUP, True)


def test_respond_falls_back_without_a_match() -> None:
    """What no keyword is found in gets the fallback."""
    answer, state = respond(SCRIPT, State(), "mumble")
    assert (answer.text, answer.action, answer.match) == ("Pardon?", Action.NONE, None)
    assert not state.ended


def test_respond_falls_back_but_tells_the_match_without_replies() -> None:
    """An intent without replies gets the fallback; the match shows why."""
    answer, _ = respond(SCRIPT, State(), "silent")
    assert answer.text == "Pardon?"
    assert answer.match is not None
    assert answer.match.intent_id == 3


def test_no_input_asks_at_the_first_silence() -> None:
    """A silence is not yet the end."""
    answer, state = no_input(SCRIPT, State())
    assert (answer.text, answer.action, state.ended) == ("Still there?", Action.NONE, False)


def test_no_input_hangs_up_at_the_second_silence_in_a_row() -> None:
    """Two silences end the dialogue."""
    _, state = no_input(SCRIPT, State())
    answer, state = no_input(SCRIPT, state)
    assert (answer.text, answer.action, state.ended) == ("Bye.", Action.HANGUP, True)


def test_no_input_counts_anew_after_speech() -> None:
    """Speech between two silences makes the second one a first."""
    _, state = no_input(SCRIPT, State())
    _, state = respond(SCRIPT, state, "mumble")
    answer, _ = no_input(SCRIPT, state)
    assert answer.action is Action.NONE


def test_reprompt_counts_no_silence() -> None:
    """A caller who had no chance to be heard has not been silent."""
    answer, state = reprompt(SCRIPT, State(silences=1))
    assert (answer.text, answer.action, state) == ("Still there?", Action.NONE, State(silences=1))


def test_apologise_takes_leave() -> None:
    """A caller who cannot be heard is told so, and the dialogue ends."""
    answer, state = apologise(SCRIPT, State())
    assert (answer.text, answer.action, state.ended) == ("Sorry.", Action.HANGUP, True)


@given(st.lists(st.none() | st.text(st.characters()), max_size=8))
def test_dialogue_never_raises_and_is_deterministic(turns: list[str | None]) -> None:
    """The same turns lead to the same state, which JSON holds at every step."""

    def run() -> State:
        _, state = opening(SCRIPT)
        for text in turns:
            step = no_input(SCRIPT, state) if text is None else respond(SCRIPT, state, text)
            state = State.from_json(json.loads(json.dumps(step[1].to_json())))
            assert state == step[1]
        return state

    assert run() == run()


@given(STATES)
def test_state_survives_json(state: State) -> None:
    """What was written is read again."""
    assert State.from_json(json.loads(json.dumps(state.to_json()))) == state


@given(JSON_VALUES)
def test_state_from_any_json_value_never_raises(value: object) -> None:
    """Junk gives a fresh state."""
    assert State.from_json(value) == State()


@pytest.mark.parametrize(
    "value",
    [
        {"silences": 1, "ended": True},
        {"silences": True, "replies_given": {}, "ended": True},
        {"silences": -1, "replies_given": {}, "ended": True},
        {"silences": 1, "replies_given": {"x": 1}, "ended": True},
        {"silences": 1, "replies_given": {"1": "2"}, "ended": True},
        {"silences": 1, "replies_given": {"²": 2}, "ended": True},
        {"silences": 1, "replies_given": {"9" * 5000: 2}, "ended": True},
        {"silences": 1, "replies_given": [], "ended": True},
        {"silences": 1, "replies_given": {}, "ended": 1},
    ],
)
def test_state_from_another_shape_is_fresh(value: object) -> None:
    """A state of another version, or a damaged one, does not stop the call."""
    assert State.from_json(value) == State()
