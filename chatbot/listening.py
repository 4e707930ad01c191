"""How the next thing that a caller says is listened for. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Listening:
    """What a recognizer is told before the caller speaks.

    `hints` are phrases to expect, most likely first. `kind`, a key of `chatbot.values.KINDS`,
    is the kind of value that is expected, or blank. `language`, a BCP-47 tag, and `model` are
    blank for those of the bot and of the recognizer.
    """

    hints: tuple[str, ...] = ()
    kind: str = ""
    language: str = ""
    model: str = ""


FOR_NOTHING = Listening()
"""Where nothing is expected: the dialogue is over, or nobody tells what may come."""
