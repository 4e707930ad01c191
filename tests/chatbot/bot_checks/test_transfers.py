"""Transfers to nowhere."""

from chatbot.bot_checks import transfers
from chatbot.hearing import Hearing
from chatbot.script import ScriptReply
from tests.chatbot.bots import make_intent, make_script

TRANSFER = ScriptReply("One moment.", "transfer")


def test_transfer_without_a_number() -> None:
    """Neither the reply nor the bot says where to."""
    script = make_script(make_intent(1, "help", replies=(TRANSFER,)), no_match_again=(TRANSFER,))
    places = [problem.place for problem in transfers.find(script, Hearing())]
    assert [(place.intent_id, place.anchor) for place in places] == [
        (None, "no_match-0"),
        (1, "replies-0"),
    ]


def test_transfer_to_the_number_of_the_bot() -> None:
    """The bot's number holds for all."""
    script = make_script(
        make_intent(1, "help", replies=(TRANSFER,)), transfer_number="+31201234567"
    )
    assert list(transfers.find(script, Hearing())) == []


def test_transfer_to_a_number_of_its_own() -> None:
    """A reply may have its own number."""
    reply = ScriptReply("One moment.", "transfer", "+31201234567")
    assert (
        list(transfers.find(make_script(make_intent(1, "help", replies=(reply,))), Hearing())) == []
    )
