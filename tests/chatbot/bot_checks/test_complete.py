"""Intents that have something missing."""

from chatbot.bot_checks import Severity, complete
from chatbot.hearing import Hearing
from chatbot.script import ScriptReply
from tests.chatbot.bots import make_intent, make_script

SAYS = (ScriptReply("Well."),)


def test_complete_intent_is_no_problem() -> None:
    """Keywords and replies are all that an intent needs."""
    script = make_script(make_intent(1, "hello", replies=SAYS))
    assert list(complete.find(script, Hearing())) == []


def test_intent_without_reply() -> None:
    """An intent that says nothing is an error of that intent."""
    (problem,) = complete.find(make_script(make_intent(1, "hello")), Hearing())
    assert problem.what == "The intent has no reply."
    assert problem.place.intent_id == 1
    assert problem.severity is Severity.ERROR


def test_intent_without_keyword() -> None:
    """An intent that nothing leads to is never answered."""
    (problem,) = complete.find(make_script(make_intent(1, replies=SAYS)), Hearing())
    assert problem.what == "The intent has no keyword, and no reply goes to it."


def test_intent_without_keyword_that_a_reply_goes_to() -> None:
    """It is answered where another intent goes on to it."""
    goes_on = ScriptReply("So.", "goto", "intent 2")
    script = make_script(make_intent(1, "hello", replies=(goes_on,)), make_intent(2, replies=SAYS))
    assert list(complete.find(script, Hearing())) == []
