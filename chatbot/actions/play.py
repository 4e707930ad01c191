"""Play a recording after the text."""

from urllib.parse import urlsplit

from chatbot.actions.base import Action, Directive, Parameter, Play


class PlayAction(Action):
    name = "play"
    label = "Play a recording"
    is_address = True
    order = 30
    parameter = Parameter(
        "address of the recording",
        "The public address of an MP3 or WAV file, such as https://example.com/jingle.mp3.",
    )

    def check(self, parameter: str) -> None:
        try:
            parts = urlsplit(parameter)
            is_address = parts.scheme in {"http", "https"} and bool(parts.hostname)
        except ValueError:  # a bracket that is not closed
            is_address = False
        if not is_address or any(character.isspace() for character in parameter):
            raise ValueError(
                f"“{parameter}” is not the address of a recording. "
                "Write it in full, such as https://example.com/jingle.mp3."
            )

    def directives(self, parameter: str) -> tuple[Directive, ...]:
        return (Play(parameter),) if parameter else ()
