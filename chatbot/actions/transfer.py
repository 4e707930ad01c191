"""Connect the caller to a person."""

from urllib.parse import quote

from chatbot.actions.base import Action, Directive, Parameter, Transfer
from chatbot.phone_numbers import check_destination


class TransferAction(Action):
    name = "transfer"
    label = "Transfer the call"
    order = 20
    parameter = Parameter(
        "number",
        "The telephone number with its country code, such as +31 20 123 4567. "
        "Empty: the transfer number of the bot. A captured value may stand only before the “@” of "
        "a SIP address: a number that callers choose would be dialled at your cost.",
        required=False,
        otherwise="Said if nobody answers there. Empty: what the bot says then.",
    )

    def check(self, parameter: str) -> None:
        name, at, host = parameter.partition("@")
        if "{" in (host if at else name):
            raise ValueError(
                f"“{parameter}” has a captured value in it, so that callers could have any number "
                "dialled at your cost. Write the number itself. Only before the “@” of a SIP "
                "address may such a value stand: sip:{extension}@example.com."
            )
        if parameter:
            check_destination(parameter)

    def written(self, value: str) -> str:
        return quote(value, safe="+")  # an “@” in it would be that of another host

    def directives(self, parameter: str) -> tuple[Directive, ...]:
        return (Transfer(parameter),) if parameter else ()
