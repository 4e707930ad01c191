"""Play a recording after the text."""

from urllib.parse import quote

from chatbot.actions.base import Action, Directive, Parameter, Play, check_server, is_web_address


class PlayAction(Action):
    name = "play"
    label = "Play a recording"
    order = 30
    parameter = Parameter(
        "address of the recording",
        "The public address of an MP3 or WAV file, such as https://example.com/jingle.mp3.",
    )

    def check(self, parameter: str) -> None:
        if not is_web_address(parameter):
            raise ValueError(
                f"“{parameter}” is not the address of a recording. "
                "Write it in full, such as https://example.com/jingle.mp3."
            )
        check_server(parameter)

    def written(self, value: str) -> str:
        return quote(value, safe="")

    def directives(self, parameter: str) -> tuple[Directive, ...]:
        return (Play(parameter),) if parameter else ()
