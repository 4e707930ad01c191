"""Post the turn to an address of the business, whose answer may supply the text."""

from urllib.parse import quote

from chatbot.actions.base import Action, Ask, Move, Parameter, check_server, is_web_address
from chatbot.script import ScriptReply


class PostAction(Action):
    name = "post"
    label = "Ask an outside address"
    order = 70
    may_recover = False
    parameter = Parameter(
        "address",
        "An HTTPS address that gets the turn by POST, signed, and may answer "
        '{"text": …, "action": …}.',
        otherwise="Said if the address does not answer. Empty: the text of the reply.",
    )

    def check(self, parameter: str) -> None:
        if not is_web_address(parameter):
            raise ValueError(
                f"“{parameter}” is not an address. Write it in full, such as "
                "https://example.com/orders."
            )
        check_server(parameter)

    def written(self, value: str) -> str:
        return quote(value, safe="")

    def move(self, reply: ScriptReply, said_last: str) -> Move:
        return Ask()
