"""How long a call may take: a caller who is never done speaking is let go all the same."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils import timezone

from calls import conversation as talk
from chatbot.script import Script

AGAIN_SECONDS = 5.0
"""How soon it is said once more that the time is over: the bot may have been speaking."""


class TimeLimit:
    """Reports a silence once a call has taken the minutes that its bot allows.

    A turn that is taken then ends the call. Where none comes to its end, as with a television that
    talks on and on, nothing else would.
    """

    def __init__(
        self,
        began: datetime | None,
        script: Callable[[], Script],
        post: Callable[[talk.Event], None],
    ) -> None:
        """`began` is when the dialogue did; `script` gives the bot as it was last read."""
        self._began = began or timezone.now()
        self._script = script
        self._post = post
        self._timer: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Begin to count."""
        self._wait(self._seconds_left())

    def stop(self) -> None:
        """Report nothing more."""
        if self._timer is not None:
            self._timer.cancel()

    def _wait(self, seconds: float) -> None:
        self._timer = asyncio.get_running_loop().call_later(seconds, self._on_time)

    def _on_time(self) -> None:
        # The editor may have allowed more meanwhile.
        left = self._seconds_left()
        if left <= 0:
            self._post(talk.SilenceElapsed())
        self._wait(max(left, AGAIN_SECONDS))

    def _seconds_left(self) -> float:
        ends_at = self._began + timedelta(minutes=self._script().max_minutes)
        return (ends_at - timezone.now()).total_seconds()
