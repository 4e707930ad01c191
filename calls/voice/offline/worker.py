"""A process that speaks: jobs come on its input, answers go to its output.

    python -m calls.voice.offline.worker hibari

It ends with its input, and so with the server.
"""

import os
import signal
import sys
from collections.abc import Callable
from typing import BinaryIO

from calls.voice.offline.speaker import NotSpoken, Speaker, to_line
from calls.voice.offline.wire import Job, Kind, read_job, write_answer

JOB_SECONDS = 12
"""After this the system ends the process: an engine that hangs listens to nobody."""


def serve(speaker: Speaker, jobs: BinaryIO, answers: BinaryIO) -> None:
    """Answer jobs in their order, until there are no more."""
    for line in jobs:
        signal.alarm(JOB_SECONDS)
        kind, body = answer(speaker, read_job(line))
        signal.alarm(0)
        answers.write(write_answer(kind, body))
        answers.flush()


def answer(speaker: Speaker, job: Job) -> tuple[Kind, bytes]:
    """Do a job. What an engine raises is told by its name alone: it may quote the text."""
    try:
        return Kind.AUDIO, to_line(speaker(job), speaker.gain)
    except NotSpoken as refusal:
        return Kind.REFUSED, str(refusal).encode()
    except Exception as error:  # whatever the engine raises
        return Kind.FAILED, type(error).__name__.encode()


def _hibari() -> Speaker:
    from calls.voice.offline.hibari import HibariSpeaker

    return HibariSpeaker()


def _pico() -> Speaker:
    from calls.voice.offline.pico import PicoSpeaker

    return PicoSpeaker()


def _espeak() -> Speaker:
    from calls.voice.offline.espeak import EspeakSpeaker

    return EspeakSpeaker()


SPEAKERS: dict[str, Callable[[], Speaker]] = {
    "hibari": _hibari,
    "pico": _pico,
    "espeak": _espeak,
}


def main(name: str) -> None:
    """Serve the standard input with the voice of a name."""
    # Ctrl-C in a terminal reaches this process too; the server ends it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What a library prints must not end up between the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    serve(SPEAKERS[name](), sys.stdin.buffer, answers)


if __name__ == "__main__":
    main(sys.argv[1])
