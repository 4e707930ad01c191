"""Where the sound on a stream begins and ends to the caller's ear, told in the log of the call."""

from typing import Final

from calls.simulator.call_log import CallLog
from calls.simulator.playout import Playout

PAUSE_SECONDS: Final = 1.0
"""After so long without sound, more of it begins anew, whether or not a mark came between."""

BEGINS: Final = "audio-begins"
ENDS: Final = "audio-ends"
CLEARED: Final = "audio-cleared"


class Utterances:
    """Follows one stream's playout. An utterance ends with its mark, or with a clear.

    The log entries tell how many `seconds` of it were heard.
    """

    def __init__(self, playout: Playout, log: CallLog, sid: str) -> None:
        self._playout = playout
        self._log = log
        self._sid = sid
        self._heard_before: float | None = None
        """How much was heard before the utterance that runs; None while none does."""

    def add(self, now: float) -> None:
        """Note that sound is about to be queued."""
        is_pause = now - self._playout.ends_at >= PAUSE_SECONDS
        if self._heard_before is None or is_pause:
            self._heard_before = self._playout.heard(now)
            self._log.add(BEGINS, sid=self._sid)

    def end(self, now: float) -> None:
        """Note that a mark is due: all before it was heard."""
        self._tell(ENDS, now)

    def clear(self, now: float) -> None:
        """Note that what was not heard is dropped."""
        self._tell(CLEARED, now)

    def _tell(self, kind: str, now: float) -> None:
        if self._heard_before is not None:
            seconds = self._playout.heard(now) - self._heard_before
            self._heard_before = None
            self._log.add(kind, sid=self._sid, seconds=seconds)
