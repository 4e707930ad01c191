"""Go on with what another intent answers."""

from chatbot.actions.base import Action, GoTo, Move, Parameter
from chatbot.script import ScriptReply


class GoToAction(Action):
    name = "goto"
    label = "Go to an intent"
    order = 60
    may_recover = False
    parameter = Parameter("name of the intent", "The intent of this bot whose reply comes next.")

    def move(self, reply: ScriptReply, said_last: str) -> Move:
        return GoTo(reply.text, reply.parameter)
