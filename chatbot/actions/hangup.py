"""End the call once the text is spoken."""

from chatbot.actions.base import Action, Directive, Hangup


class HangupAction(Action):
    name = "hangup"
    label = "Hang up after saying this"
    order = 10

    def directives(self, parameter: str) -> tuple[Directive, ...]:
        return (Hangup(),)
