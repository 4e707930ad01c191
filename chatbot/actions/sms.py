"""Send the caller a text message."""

from chatbot.actions.base import Action, Directive, Parameter, SendText

MAX_CHARACTERS = 1600
"""What Twilio takes as one message: twilio.com error 21617."""


class SmsAction(Action):
    name = "sms"
    label = "Send an SMS to the caller"
    order = 40
    parameter = Parameter(
        "text of the SMS",
        "What the caller gets as a text message. May hold captured values, such as {order}.",
        multiline=True,
    )

    def check(self, parameter: str) -> None:
        if len(parameter) > MAX_CHARACTERS:
            raise ValueError(
                f"The SMS has {len(parameter)} characters; at most {MAX_CHARACTERS} can be sent. "
                "Shorten it."
            )

    def directives(self, parameter: str) -> tuple[Directive, ...]:
        return (SendText(parameter),) if parameter else ()
