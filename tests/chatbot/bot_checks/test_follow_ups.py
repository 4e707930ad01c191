"""Follow-ups that nobody comes to."""

import pytest

from chatbot.bot_checks import follow_ups
from chatbot.hearing import Hearing
from chatbot.script import Script, ScriptIntent, ScriptReply
from tests.chatbot.bots import make_intent, make_script

SAYS = (ScriptReply("Well."),)


def intent(id: int, *follows: int, replies: tuple[ScriptReply, ...] = SAYS) -> ScriptIntent:
    return make_intent(id, f"word {id}", replies=replies, follows=follows)


def unreachable(script: Script) -> list[int | None]:
    return [problem.place.intent_id for problem in follow_ups.find(script, Hearing())]


def test_follow_up_of_what_can_be_said_at_any_time() -> None:
    """The usual case, over several steps."""
    assert unreachable(make_script(intent(1), intent(2, 1), intent(3, 2))) == []


@pytest.mark.parametrize(
    "reply",
    [
        ScriptReply("Bye.", "hangup"),
        ScriptReply("Well.", ends_thread=True),
        ScriptReply("So.", "goto", "intent 3"),
    ],
)
def test_follow_up_of_a_dead_end(reply: ScriptReply) -> None:
    """After such a reply the follow-ups of the intent are not considered."""
    script = make_script(intent(1, replies=(reply,)), intent(2, 1), intent(3))
    (problem,) = follow_ups.find(script, Hearing())
    assert problem.place.intent_id == 2
    assert "each reply there ends the thread, hangs up or goes elsewhere" in problem.what


def test_follow_up_of_one_reply_of_two_that_goes_on() -> None:
    """It is enough that one of the replies goes on listening."""
    replies = (ScriptReply("Bye.", "hangup"), ScriptReply("Well."))
    assert unreachable(make_script(intent(1, replies=replies), intent(2, 1))) == []


def test_follow_up_after_a_transfer() -> None:
    """Where nobody answers the caller comes back, and the thread goes on."""
    replies = (ScriptReply("One moment.", "transfer", "+31201234567"),)
    assert unreachable(make_script(intent(1, replies=replies), intent(2, 1))) == []


def test_follow_ups_in_a_circle_without_entry() -> None:
    """Two intents that follow only each other are never begun."""
    script = make_script(intent(1), intent(2, 3), intent(3, 2))
    assert unreachable(script) == [2, 3]


def test_follow_up_in_a_circle_with_an_entry() -> None:
    """One way in is enough for all."""
    assert unreachable(make_script(intent(1), intent(2, 3, 1), intent(3, 2))) == []


def test_follow_up_of_an_intent_that_a_reply_goes_to() -> None:
    """An intent without keywords is answered by the jump, and then followed."""
    script = make_script(
        intent(1, replies=(ScriptReply("So.", "goto", "intent 2"),)),
        make_intent(2, replies=SAYS),
        intent(3, 2),
    )
    assert unreachable(script) == []


def test_follow_up_of_an_intent_that_is_not_of_the_bot() -> None:
    """Such an intent is never answered here."""
    (problem,) = follow_ups.find(make_script(intent(1, 99)), Hearing())
    assert "an intent of another bot" in problem.what
