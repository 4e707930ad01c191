"""What is said between the server and a process that speaks. Pure.

A job is a line of JSON. An answer is a kind, the length of what follows, and that: mu-law audio,
or a sentence that tells why there is none.
"""

import json
import struct
from dataclasses import asdict, dataclass
from enum import IntEnum

HEADER_BYTES = 5
_HEADER = struct.Struct(">BI")

MAX_ANSWER_BYTES = 5 * 60 * 8000
"""Five minutes of audio for a piece of text: more is a fault."""


class Kind(IntEnum):
    """What an answer is."""

    AUDIO = 0
    REFUSED = 1
    FAILED = 2


@dataclass(frozen=True, slots=True)
class Job:
    """A text to speak, which may be SSML; `speed` is in percent."""

    text: str
    language: str
    speed: int = 100
    is_markup: bool = False


def write_job(job: Job) -> bytes:
    """Return a job as one line, whatever characters its text has."""
    return json.dumps(asdict(job)).encode() + b"\n"


def read_job(line: bytes) -> Job:
    """Read what `write_job` wrote."""
    return Job(**json.loads(line))


def write_answer(kind: Kind, body: bytes) -> bytes:
    """Return an answer with its header."""
    return _HEADER.pack(kind, len(body)) + body


def read_header(header: bytes) -> tuple[Kind, int]:
    """Read the kind of an answer, and its length. Raises ValueError for anything else."""
    kind, length = _HEADER.unpack(header)
    if length > MAX_ANSWER_BYTES:
        raise ValueError(f"an answer of {length} bytes")
    return Kind(kind), length
