"""All checks together."""

from hypothesis import given
from hypothesis import strategies as st

from chatbot import actions
from chatbot.bot_checks import find_problems
from chatbot.expectations import Expectation
from chatbot.hearing import Hearing
from chatbot.script import ScriptIntent, ScriptReply
from tests.chatbot.bots import make_intent, make_script

SAYS = (ScriptReply("Well."),)

replies = st.builds(
    ScriptReply,
    text=st.text(max_size=40),
    action=st.sampled_from(sorted(actions.ACTIONS)),
    parameter=st.sampled_from(["", "intent 1", "intent 2", "intent 3", "{name}", "+31201234567"]),
    otherwise=st.text(max_size=10),
    ends_thread=st.booleans(),
    expects=st.builds(
        Expectation,
        st.sampled_from(["", "yesno", "digits", "date", "colour"]),
        st.lists(st.text(max_size=10), max_size=2).map(tuple),
        st.sampled_from(["", "nl-NL", "xx"]),
    ),
)
keywords = st.text(max_size=20) | st.sampled_from(
    ["hello", "{when:date}", "tomorrow", "order {n:digits}", "{a:digits} {b:date}", "{name}", "*"]
)


@st.composite
def intents(draw: st.DrawFn) -> list[ScriptIntent]:
    """Draw up to four intents that follow, go to and hide each other in any way."""
    return [
        make_intent(
            id,
            *draw(st.lists(keywords, max_size=4)),
            replies=tuple(draw(st.lists(replies, max_size=3))),
            follows=tuple(draw(st.lists(st.integers(1, 6), max_size=3, unique=True))),
            no_match=tuple(draw(st.lists(replies, max_size=1))),
        )
        for id in range(1, draw(st.integers(0, 4)) + 1)
    ]


@given(intents())
def test_problems_of_any_bot_are_found_without_a_fault(bot: list[ScriptIntent]) -> None:
    """Whatever got into the database, the list can be made, and is the same each time."""
    script = make_script(*bot)
    assert find_problems(script, Hearing()) == find_problems(script, Hearing())


def test_problems_come_errors_first_then_in_the_order_of_the_bot() -> None:
    """The editor begins with what matters most."""
    script = make_script(
        make_intent(7, "one", replies=(ScriptReply("x" * 400),)),
        make_intent(3, "two"),
        make_intent(2, "two", replies=SAYS),
        greeting="x" * 400,
    )
    found = [
        (problem.severity.value, problem.place.intent_id)
        for problem in find_problems(script, Hearing(keys=True))
    ]
    assert found == [("error", 3), ("error", 2), ("warning", None), ("warning", 7)]


def test_place_is_named_for_the_editor() -> None:
    """Intent and row, as the pages call them."""
    (problem,) = find_problems(
        make_script(make_intent(1, "one", "?!", replies=SAYS)), Hearing(keys=True)
    )
    assert str(problem.place) == "intent “intent 1”, keyword “?!”"
