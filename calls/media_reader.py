"""Reads the frames of one media socket: hands over audio, counts and survives all that is not."""

import logging
from collections.abc import Callable

from calls.store import StreamCounts
from calls.twilio.media_stream import (
    Dtmf,
    Malformed,
    Mark,
    Media,
    Message,
    Start,
    Stop,
    Unknown,
    parse,
)
from voiceproject.asgi_types import Event, Receive

logger = logging.getLogger(__name__)

MAX_MALFORMED = 1_000
"""Malformed frames after which a stream is closed: whoever sends them is not Twilio."""


class SocketClosed(Exception):
    """The other side has closed the socket; the message says with which code."""


class MediaReader:
    """The receiving half of a media socket, over the ASGI `receive` of its connection."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._ignored = 0
        self._malformed = 0
        self._stream_sid = ""
        self.is_closed = False

    def counts(self, audio_bytes: int) -> StreamCounts:
        """Return what came in so far, with the audio that was handed over."""
        return StreamCounts(audio_bytes, self._ignored, self._malformed)

    async def connect(self) -> None:
        """Take the opening of the connection. Raises SocketClosed."""
        await self._next()

    async def start(self) -> Start:
        """Wait for `start`; what comes before it is passed over. Raises SocketClosed."""
        while True:
            message = self._parse(await self._next())
            if isinstance(message, Start):
                self._stream_sid = message.stream_sid
                return message
            if isinstance(message, Media):
                self._ignored += 1
            if self._malformed >= MAX_MALFORMED:
                raise SocketClosed("too many malformed frames")

    async def read(
        self,
        hear: Callable[[bytes], None],
        press: Callable[[str], None],
        mark: Callable[[str], None],
    ) -> str:
        """Hand the caller's audio to `hear`, each key to `press`, and the name of each mark.

        Return why the stream ended. Raises SocketClosed.
        """
        while True:
            message = self._parse(await self._next())
            if type(message) is Media:
                if message.media.track != "inbound":
                    self._ignored += 1
                elif message.stream_sid != self._stream_sid:
                    self._count_malformed("media: another stream's streamSid")
                else:
                    hear(message.media.payload)
            elif type(message) is Dtmf:
                press(message.dtmf.digit)
            elif type(message) is Mark:
                mark(message.mark.name)
            elif type(message) is Stop:
                if message.stream_sid == self._stream_sid:
                    return "Twilio stopped it"
                self._count_malformed("stop: another stream's streamSid")
            elif type(message) is Start:
                self._count_malformed("start: a second one")
            if self._malformed >= MAX_MALFORMED:
                return f"{self._malformed} malformed frames"

    def _parse(self, event: Event) -> Message | Unknown | Malformed:
        text = event.get("text")
        message = Malformed("a binary frame") if text is None else parse(text)
        if type(message) is Malformed:
            self._count_malformed(message.reason)
        elif type(message) is Unknown:
            self._ignored += 1
        return message

    def _count_malformed(self, reason: str) -> None:
        self._malformed += 1
        if self._malformed == 1:
            # The first tells what is wrong; a line for each would fill the log.
            logger.warning("A malformed media frame was passed over: %s", reason)

    async def _next(self) -> Event:
        event = await self._receive()
        if event["type"] == "websocket.disconnect":
            self.is_closed = True
            raise SocketClosed(f"the socket closed with code {event.get('code')}")
        return event
