"""What the page of the phone and its line tell each other: JSON with a `type`.

Sound goes as binary frames beside them, mu-law at 8 kHz: from the page 160 bytes each, which are
20 ms; to the page of any length.
"""

import re
from typing import Annotated, Final, Literal

import msgspec

MAX_TEXT_BYTES: Final = 4096
FRAME_BYTES: Final = 160

NUMBER: Final = r"^(\+[1-9][0-9]{6,14})?$"
"""A caller's number with its country code, or a blank one; the page tests the same."""

NO_NUMBER: Final = (
    "That is no telephone number. Write it with its country code and 7 to 15 digits, such as "
    "+31 20 123 4567, or nothing."
)


class InvalidMessage(Exception):
    """What the page sent is no message of a phone; the text says what is wrong with it."""


class InvalidNumber(Exception):
    """The user wrote what is no telephone number; the text tells him so."""


class _Message(msgspec.Struct, forbid_unknown_fields=True, tag_field="type"):
    pass


# From the page


class Dial(_Message, tag="dial"):
    """Call the bot of that id, or the one that the number called has; `number` is the caller's.

    A blank number is withheld.
    """

    bot: Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)] | None = None
    number: str = ""


class Press(_Message, tag="press"):
    """Press a key."""

    key: Literal["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "#"]


class Spoken(_Message, tag="spoken"):
    """Tell that a text of the bot was spoken to its end."""

    id: Annotated[int, msgspec.Meta(ge=1, le=2**53)]


class Words(_Message, tag="words"):
    """Say words, where the telephone service hears the caller by itself."""

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]


class React(_Message, tag="react"):
    """Decide how somebody who is called reacts: answers, is busy, does not answer."""

    status: Literal["completed", "busy", "no-answer"]


class Part(_Message, tag="part"):
    """Have whoever has answered hang up."""


class HangUp(_Message, tag="hang-up"):
    """End the call."""


FromPage = Dial | Press | Spoken | Words | React | Part | HangUp

# To the page


class Placed(_Message, tag="placed"):
    """The call goes on under this SID."""

    sid: str


class Say(_Message, tag="say"):
    """Speak a text with the browser's voice, and tell `spoken` with its `id`."""

    id: int
    text: str
    language: str
    voice: str


class Hush(_Message, tag="hush"):
    """Stop speaking."""


class Clear(_Message, tag="clear"):
    """Drop the sound that was not yet heard."""


class Unheard(_Message, tag="unheard"):
    """A recording is played of which nothing is heard here."""

    url: str


class Listening(_Message, tag="listening"):
    """Whether the bot hears the caller now."""

    on: bool


class Gathering(_Message, tag="gathering"):
    """Whether the telephone service waits for words, which it cannot hear in sound here."""

    words: bool


class Ringing(_Message, tag="ringing"):
    """Somebody is called, and shown a number; how do they react?"""

    numbers: tuple[str, ...]
    caller_id: str


class Talking(_Message, tag="talking"):
    """The caller is connected to who was called."""


class Parted(_Message, tag="parted"):
    """The caller is with the bot again."""


class Text(_Message, tag="text"):
    """A text message has come for the caller."""

    sender: str
    body: str


class Warned(_Message, tag="warned"):
    """Twilio's debugger would show this error, by Twilio's number."""

    code: int
    message: str


class Ended(_Message, tag="ended"):
    """The call is over; `detail` says what went wrong, or nothing."""

    reason: str
    detail: str = ""


class Failed(_Message, tag="failed"):
    """The line cannot go on; `detail` says why. It is closed next."""

    detail: str


ToPage = (
    Placed
    | Say
    | Hush
    | Clear
    | Unheard
    | Listening
    | Gathering
    | Ringing
    | Talking
    | Parted
    | Text
    | Warned
    | Ended
    | Failed
)

_decoder: Final = msgspec.json.Decoder(FromPage)
_encoder: Final = msgspec.json.Encoder()


def parse(text: str) -> FromPage:
    """Read a message of the page. Raises InvalidMessage, InvalidNumber."""
    if len(text.encode("utf-8", "surrogatepass")) > MAX_TEXT_BYTES:
        raise InvalidMessage(f"the message has more than {MAX_TEXT_BYTES} bytes")
    try:
        message: FromPage = _decoder.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError) as error:
        raise InvalidMessage(str(error)) from error
    if isinstance(message, Dial) and not re.fullmatch(NUMBER, message.number):
        raise InvalidNumber(NO_NUMBER)
    return message


def write(message: ToPage) -> str:
    """Write a message to the page."""
    return _encoder.encode(message).decode()
