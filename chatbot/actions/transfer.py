"""Connect the caller to a person."""

from chatbot.actions.base import Action, Directive, Parameter, Transfer
from chatbot.phone_numbers import check_destination


class TransferAction(Action):
    name = "transfer"
    label = "Transfer the call"
    order = 20
    parameter = Parameter(
        "number",
        "The telephone number with its country code, such as +31 20 123 4567. "
        "Empty: the transfer number of the bot.",
        required=False,
        otherwise="Said if nobody answers there. Empty: what the bot says then.",
    )

    def check(self, parameter: str) -> None:
        if parameter:
            check_destination(parameter)

    def directives(self, parameter: str) -> tuple[Directive, ...]:
        return (Transfer(parameter),) if parameter else ()
