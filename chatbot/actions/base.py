"""What an action is: the end of an answer, chosen by the editor together with its parameter.

Pure. A new kind of action is one class in one file of this folder: its `name` is kept with the
reply, its `label` stands in the admin, `check` refuses a parameter that cannot work, `move` says
how the dialogue comes to its words, and `directives` what the line does once they are spoken.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from chatbot.script import ScriptReply


# --- Moves: how the words of the answer are come by -------------------------------------------


@dataclass(frozen=True, slots=True)
class Say:
    """Say this text, placeholders and all."""

    text: str


@dataclass(frozen=True, slots=True)
class GoTo:
    """Say this text, and then what the intent of that name answers."""

    text: str
    intent: str


@dataclass(frozen=True, slots=True)
class Ask:
    """Post the turn to the address in the parameter, whose answer may supply the text."""


Move = Say | GoTo | Ask


# --- Directives: what the line does once the text is spoken -----------------------------------


@dataclass(frozen=True, slots=True)
class Hangup:
    """End the call."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """Connect the caller to a number; where nobody answers there, the call comes back."""

    number: str


@dataclass(frozen=True, slots=True)
class Play:
    """Play the recording at an address."""

    url: str


@dataclass(frozen=True, slots=True)
class SendText:
    """Send the caller a text message."""

    text: str


Directive = Hangup | Transfer | Play | SendText


# --- The action itself ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Parameter:
    """What an action needs to know. `otherwise` labels what is said where the action fails."""

    label: str
    help: str
    required: bool = True
    multiline: bool = False
    otherwise: str = ""


class Action:
    """One kind of action; the base does nothing beyond saying the text."""

    name: ClassVar[str] = ""
    label: ClassVar[str] = "Go on listening"
    order: ClassVar[int] = 0
    """Where it stands in the editor's list, lower first."""
    parameter: ClassVar[Parameter | None] = None
    may_recover: ClassVar[bool] = True
    """Whether it can be done where the bot understood or heard nothing, so without an intent."""

    def check(self, parameter: str) -> None:
        """Raise ValueError, with a sentence for the editor, where the parameter cannot work."""

    def written(self, value: str) -> str:
        """Return a captured value as it is put into the parameter."""
        return value

    def move(self, reply: ScriptReply, said_last: str) -> Move:
        """Return how the words are come by; `said_last` is what the bot said before."""
        return Say(reply.text)

    def directives(self, parameter: str) -> tuple[Directive, ...]:
        """Return what the line does once the text is spoken; `parameter` has been filled in."""
        return ()


def is_web_address(parameter: str) -> bool:
    """Whether a parameter is the address of a web server, in full."""
    try:
        parts = urlsplit(parameter)
        has_host = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:  # a bracket that is not closed
        return False
    return has_host and not any(character.isspace() for character in parameter)


def check_server(parameter: str) -> None:
    """Raise ValueError where what a caller says would choose the server of an address."""
    if "{" in urlsplit(parameter).netloc:
        raise ValueError(
            f"“{parameter}” has a captured value before its path, so that callers would choose "
            "the server. Put it into the path or after a “?”."
        )
