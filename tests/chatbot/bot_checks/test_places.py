"""How the checks name where something is wrong."""

from chatbot.bot_checks.places import of_reply
from chatbot.script import ScriptReply
from tests.chatbot.bots import make_intent


def test_reply_is_named_by_its_words() -> None:
    """The tags of its markup tell no editor which one it is."""
    reply = ScriptReply('<speak>One <break time="1s"/> moment.</speak>')
    assert of_reply(make_intent(1, replies=(reply,)), 0).label == "reply “One moment.”"
