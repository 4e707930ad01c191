"""What a chatbot elsewhere answers, whatever its protocol. Pure.

What cannot be read at all is an error; what can be read but not done is left out and reported.
"""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from chatbot.phone_numbers import to_destination

ALLOWED: Final = ("hangup", "transfer", "play", "repeat")
"""The actions of `chatbot.actions` that others may ask for: no messages, no further requests."""

MAX_CHARACTERS: Final = 3000
"""How much one answer may say: the most that every voice of Twilio takes at once."""

_MAX_PARAMETER: Final = 500
_MAX_QUOTED: Final = 40
_MAX_REFUSED: Final = 10

# What neither XML nor PostgreSQL takes, and no voice can say.
_UNSPEAKABLE = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class RemoteAnswer:
    """What is said, in order, and what is done after that.

    `action` is "" or one of `ALLOWED`; `parameter` is the number to transfer to (in E.164, or a
    SIP address; empty for the bot's own) or the URL of the recording to play. `refused` are
    sentences without full stop about what was left out. No text is empty, and together with the
    spaces between them they have at most `MAX_CHARACTERS`.
    """

    texts: tuple[str, ...] = ()
    action: str = ""
    parameter: str = ""
    refused: tuple[str, ...] = ()


class RemoteAnswerError(Exception):
    """An answer that cannot be read; the message ends a sentence that begins with the address.

    Such as “sent an answer whose “text” is a number, not a text”.
    """


class AnswerBuilder:
    """Gathers one answer from the messages it came in."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._room = MAX_CHARACTERS
        self._characters = 0
        self._action = ""
        self._parameter = ""
        self._refused: list[str] = []

    def say(self, text: str) -> None:
        """Add a text; what is beyond the most that can be said is cut, between words."""
        text = clean(text)
        if not text:
            return
        if self._texts:
            text = f" {text}"  # counted too: the texts are said with a space between them
        self._characters += len(text)
        kept = _cut(text, self._room)
        # Once one text was cut the later ones would make no sense.
        self._room = self._room - len(kept) if kept == text else 0
        if kept.strip():
            self._texts.append(kept.strip())

    def do(self, action: str, parameter: str) -> None:
        """Set the action. The first counts: the call may be elsewhere after it."""
        action, parameter = clean(action), clean(parameter)
        if not action:
            return
        if action not in ALLOWED:
            known = f"{', '.join(ALLOWED[:-1])} or {ALLOWED[-1]}"
            self.refuse(f"the action {quote(action)} is not known, use {known}")
        elif self._action:
            self.refuse(f"the action {quote(action)} comes after {quote(self._action)}")
        elif len(parameter) > _MAX_PARAMETER:
            self.refuse(f"the action {quote(action)} has over {_MAX_PARAMETER} characters to it")
        else:
            try:
                self._parameter = _read_parameter(action, parameter)
            except ValueError as error:
                self.refuse(f"the action {quote(action)} cannot be done: {str(error).rstrip('.')}")
            else:
                self._action = action

    def refuse(self, sentence: str) -> None:
        """Report what is left out; the same only once."""
        if sentence in self._refused or len(self._refused) > _MAX_REFUSED:
            return
        is_last = len(self._refused) == _MAX_REFUSED
        self._refused.append("more was left out" if is_last else sentence)

    def build(self) -> RemoteAnswer:
        """Return the answer."""
        refused = tuple(self._refused)
        if self._characters > MAX_CHARACTERS:
            cut = (
                f"the text of {self._characters} characters was cut to the {MAX_CHARACTERS} "
                "that can be said at once"
            )
            refused = (cut, *refused)
        return RemoteAnswer(tuple(self._texts), self._action, self._parameter, refused)


def clean(text: str) -> str:
    """Return a text as it can be stored and said: in one line, without control characters."""
    return " ".join(_UNSPEAKABLE.sub("", text).split())


def quote(text: str) -> str:
    """Return a text of others in quotation marks, short enough for a sentence."""
    text = clean(text)
    return f"“{text}”" if len(text) <= _MAX_QUOTED else f"“{text[:_MAX_QUOTED]}…”"


def text_in(message: dict[object, object], member: str, where: str = "") -> str:
    """Return a member that is a text; absent and null are empty.

    `where` tells in which message, such as “ in message 2”. Raises RemoteAnswerError.
    """
    value = message.get(member)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise RemoteAnswerError(
            f"sent an answer whose “{member}”{where} is {kind(value)}, not a text"
        )
    return value


def kind(value: object) -> str:
    """Say what a decoded JSON value is."""
    match value:
        case None:
            return "empty"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "a text"
        case list():
            return "a list"
        case dict():
            return "an object"
    raise TypeError(f"{type(value).__name__} is nothing that JSON has")


def _read_parameter(action: str, parameter: str) -> str:
    """Return the parameter as the action takes it. Raises ValueError with a sentence."""
    if action == "transfer":
        return to_destination(parameter) if parameter else ""
    if action == "play":
        _check_recording(parameter)
        return parameter
    return ""


def _check_recording(url: str) -> None:
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:  # a bracket that is not closed
        is_address = False
    if not is_address or " " in url:
        raise ValueError(f"{quote(url)} is not the address of a recording")


def _cut(text: str, room: int) -> str:
    """Return the beginning of a text that has room, up to a space if there is one."""
    if len(text) <= room:
        return text
    if text[room : room + 1] == " ":
        return text[:room]
    head, space, _ = text[:room].rpartition(" ")
    return head if space else text[:room]
