"""The TwiML verbs that the simulator carries out, as values."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Say:
    """Speak a text. SSML inside it is flattened to what is spoken."""

    text: str
    voice: str
    language: str
    loop: int


@dataclass(frozen=True, slots=True)
class Play:
    """Play a sound file, or DTMF digits."""

    url: str
    digits: str
    loop: int


@dataclass(frozen=True, slots=True)
class Pause:
    """Wait, in seconds."""

    length: float


@dataclass(frozen=True, slots=True)
class Redirect:
    """Go on with the document at a URL."""

    url: str
    method: str


@dataclass(frozen=True, slots=True)
class Hangup:
    """End the call."""


@dataclass(frozen=True, slots=True)
class Reject:
    """Do not answer the call."""

    reason: str


@dataclass(frozen=True, slots=True)
class Stream:
    """What Start and Connect open: a WebSocket that carries the call's sound."""

    url: str
    name: str
    track: str
    status_callback: str
    status_callback_method: str
    parameters: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class StartStream:
    """Open a stream beside the verbs that follow; it only listens."""

    stream: Stream


@dataclass(frozen=True, slots=True)
class StopStream:
    """End the stream of that name."""

    name: str


@dataclass(frozen=True, slots=True)
class ConnectStream:
    """Open a stream that also speaks; the verbs that follow wait for its end."""

    stream: Stream
    action: str
    method: str


@dataclass(frozen=True, slots=True)
class Dial:
    """Connect the caller to other numbers, or to SIP addresses such as `sip:desk@bot.test`.

    `caller_id` is the number that is shown there; where it is blank, the caller's own.
    """

    numbers: tuple[str, ...]
    action: str
    method: str
    timeout: float
    caller_id: str


@dataclass(frozen=True, slots=True)
class Gather:
    """Wait for keys, speech or either (`inputs`: dtmf, speech), while what is nested is spoken.

    `timeout` is for the first input and each further key. `speech_timeout` is for the silence
    behind speech; None ends it at the first pause.
    """

    action: str
    method: str
    timeout: float
    num_digits: int | None
    finish_on_key: str
    nested: tuple["Say | Play | Pause", ...]
    inputs: frozenset[str] = frozenset({"dtmf"})
    speech_timeout: float | None = None
    language: str = "en-US"
    hints: tuple[str, ...] = ()
    action_on_empty_result: bool = False


Spoken = Say | Play | Pause
Verb = (
    Spoken | Redirect | Hangup | Reject | StartStream | StopStream | ConnectStream | Dial | Gather
)
