"""The media streams of one call, running and ended."""

import asyncio
from collections.abc import Iterator

from calls.simulator.account import Account
from calls.simulator.call_log import CallLog
from calls.simulator.faults import Faults
from calls.simulator.handset import Handset
from calls.simulator.media_stream import MediaStream
from calls.simulator.status_callback import StatusCallbacks, stream_event
from calls.simulator.stream_socket import BAD_TRACK
from calls.simulator.verbs import Stream
from calls.simulator.webhook import Webhooks

MAX_TRACKS = 4


class Streams:
    """Opens the streams of one call; iterates over all of them, in their order."""

    def __init__(
        self,
        *,
        account: Account,
        call_sid: str,
        webhooks: Webhooks,
        callbacks: StatusCallbacks,
        faults: Faults,
        log: CallLog,
        handset: Handset | None = None,
    ) -> None:
        self._account = account
        self._call_sid = call_sid
        self._webhooks = webhooks
        self._callbacks = callbacks
        self._faults = faults
        self._log = log
        self._handset = handset
        self._streams: list[MediaStream] = []
        self._changed = asyncio.Condition()
        self._announcements: set[asyncio.Task[None]] = set()

    def __iter__(self) -> Iterator[MediaStream]:
        return iter(self._streams)

    def __len__(self) -> int:
        return len(self._streams)

    def __getitem__(self, position: int) -> MediaStream:
        return self._streams[position]

    def live(self) -> list[MediaStream]:
        """Give the streams on which frames are flowing."""
        return [stream for stream in self._streams if stream.live]

    def open(self, verb: Stream, *, bidirectional: bool) -> MediaStream | None:
        """Begin a stream; None, and a warning in the log, where Twilio would not."""
        running = [stream for stream in self._streams if stream.end is None]
        if verb.name and verb.name in {stream.name for stream in running}:
            self._log.report(BAD_TRACK, f"a stream named {verb.name!r} is running already")
            return None
        tracks = sum(2 if stream.verb.track == "both_tracks" else 1 for stream in running)
        if tracks + (2 if verb.track == "both_tracks" else 1) > MAX_TRACKS:
            self._log.report(BAD_TRACK, f"a call streams at most {MAX_TRACKS} tracks")
            return None
        stream = MediaStream(
            verb,
            bidirectional=bidirectional,
            account=self._account,
            call_sid=self._call_sid,
            session=self._webhooks.session,
            faults=self._faults,
            log=self._log,
            notify=self._notify,
            handset=self._handset,
        )
        self._streams.append(stream)
        return stream

    async def next_opened(self) -> MediaStream:
        """Give the newest live stream, waiting for one where there is none."""
        async with self._changed:
            await self._changed.wait_for(self.live)
        return self.live()[-1]

    async def stop(self, name: str) -> None:
        """End the running stream of that name."""
        for stream in self._streams:
            if stream.end is None and name in {stream.name, stream.sid}:
                await stream.stop()
                return
        self._log.report(BAD_TRACK, f"no stream named {name!r} is running")

    def begin_stop_all(self) -> None:
        """Let all streams end, without waiting for it."""
        for stream in self._streams:
            stream.begin_stop()

    async def stop_all(self) -> None:
        """End all streams."""
        await asyncio.gather(*(stream.stop() for stream in self._streams if stream.end is None))
        await asyncio.gather(*self._announcements)

    def _notify(self, stream: MediaStream, event: str, error: str) -> None:
        self._callbacks.post(
            stream.verb.status_callback,
            stream.verb.status_callback_method,
            {
                "AccountSid": self._account.sid,
                "CallSid": self._call_sid,
                **stream_event(event, stream_sid=stream.sid, name=stream.verb.name, error=error),
            },
        )
        if self._handset is not None:
            self._handset.listened_to(bool(self.live()))
        task = asyncio.create_task(self._announce())
        self._announcements.add(task)
        task.add_done_callback(self._announcements.discard)

    async def _announce(self) -> None:
        async with self._changed:
            self._changed.notify_all()
