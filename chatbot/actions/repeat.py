"""Say again what the bot said last."""

from chatbot.actions.base import Action, Move, Say
from chatbot.script import ScriptReply


class RepeatAction(Action):
    name = "repeat"
    label = "Repeat what was said last"
    order = 50

    def move(self, reply: ScriptReply, said_last: str) -> Move:
        return Say(f"{reply.text} {said_last}".strip())
