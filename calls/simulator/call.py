"""One simulated call: the caller on one side, Twilio and the server on the other."""

import asyncio
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import aiohttp

from calls.simulator import audio, verbs
from calls.simulator.account import Account, new_sid
from calls.simulator.call_log import CallLog, LogEntry
from calls.simulator.call_record import CallOrder, CallRecord, CallStatus
from calls.simulator.dialling import Dialled, DialResult
from calls.simulator.faults import Faults
from calls.simulator.gathering import Words
from calls.simulator.handset import Handset
from calls.simulator.interpreter import EndReason, FromUrl, Interpreter, Source
from calls.simulator.media_stream import MediaStream
from calls.simulator.speaker import Said, Speaker
from calls.simulator.status_callback import StatusCallbacks, call_event
from calls.simulator.streams import Streams
from calls.simulator.utterances import BEGINS, CLEARED, ENDS
from calls.simulator.webhook import Webhooks

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Tempo:
    """How fast simulated time runs: spoken characters per second; factor for pauses."""

    say_speed: float
    pause_scale: float


class CallOverError(Exception):
    """The call ended before what was waited for; `reason` says why it ended."""

    def __init__(self, reason: EndReason, awaited: str) -> None:
        super().__init__(f"The call ended before {awaited}: {reason}.")
        self.reason = reason


class SimulatedCall:
    """A call in the middle of happening. Made by `Twilio.dial`."""

    def __init__(
        self,
        order: CallOrder,
        *,
        account: Account,
        connector: aiohttp.BaseConnector,
        faults: Faults,
        tempo: Tempo,
        sid: str = "",
        handset: Handset | None = None,
    ) -> None:
        self.sid = sid or new_sid("CA")
        self.record = CallRecord(self.sid, account.sid, order)
        self.log = CallLog()
        self._faults = faults
        self._events_sent = 0
        self._heard = 0
        """Up to where in the log `next_heard` has told."""
        self._webhooks = Webhooks(account, connector, self.log)
        self._callbacks = StatusCallbacks(self._webhooks, faults, self.log)
        self._speaker = Speaker(tempo.say_speed, self.log, handset)
        self.streams = Streams(
            account=account,
            call_sid=self.sid,
            webhooks=self._webhooks,
            callbacks=self._callbacks,
            faults=faults,
            log=self.log,
            handset=handset,
        )
        self._interpreter = Interpreter(
            webhooks=self._webhooks,
            speaker=self._speaker,
            streams=self.streams,
            log=self.log,
            request_params=self.record.request_params,
            on_document=self._on_document,
            fallback_url=order.fallback_url,
            pause_scale=tempo.pause_scale,
            lost_stream_ends_call=lambda: faults.lost_stream_ends_call,
            handset=handset,
        )
        self._floor = asyncio.Lock()
        self._fetched = asyncio.Event()
        self._over: asyncio.Future[EndReason] = asyncio.get_running_loop().create_future()
        self._reason: EndReason | None = None
        self._closing: asyncio.Task[None] | None = None
        self._progress("initiated")
        self._progress("ringing")
        self._runner = self._start(FromUrl(order.voice_url))

    @property
    def has_gathered(self) -> bool:
        """Whether Twilio was to hear the caller itself, which it does not in sound."""
        return self._interpreter.gatherer.is_used

    @property
    def status(self) -> CallStatus:
        """The call's status, in Twilio's words."""
        return self.record.status

    # What the caller does

    async def say(self, clip: bytes) -> bool:
        """Speak mu-law sound into all live streams, behind what is being spoken.

        Returns when the last frame was sent; True where one stream at least carried all of it.
        Without a stream the words are lost, and the time passes all the same.
        """
        self.log.add("caller-speaks", seconds=audio.seconds(clip))
        streams = self.streams.live()
        if not streams:
            await asyncio.sleep(audio.seconds(clip))
            return False
        return any(await asyncio.gather(*(stream.speak(clip) for stream in streams)))

    def speak(self, frame: bytes) -> None:
        """Speak 20 ms of live mu-law sound into all live streams; without one it is lost.

        Never blocks. Frames may come in bursts: see `calls.simulator.microphone`.
        """
        for stream in self.streams.live():
            stream.hear(frame)

    async def press(self, digit: str) -> None:
        """Press a key, for a Gather and for the streams that carry keys."""
        self.log.add("caller-presses")
        self._interpreter.gatherer.press(digit)
        for stream in self.streams.live():
            await stream.press(digit)

    async def answer(self, text: str, confidence: float | None = 0.9) -> bool:
        """Say words to the Gather that runs: it is Twilio that hears them, and tells the server.

        A blank text is speech of which no word is understood. False where no Gather hears speech,
        and the words are lost.
        """
        self.log.add("caller-answers")
        return self._interpreter.gatherer.say(Words(text, confidence))

    async def hang_up(self) -> None:
        """End the call as the caller; returns when everything about it is over."""
        self._conclude(EndReason.CALLER)
        await asyncio.shield(self._over)

    # What may be waited for. Each raises TimeoutError when the seconds have passed; the first
    # four raise CallOverError when the call ends before.

    async def stream_open(self, within: float) -> MediaStream:
        """Wait until a stream is live: accepted, and its start message sent."""
        return await self._before_end(within, "a media stream", self.streams.next_opened())

    async def gathering(self, within: float) -> verbs.Gather:
        """Wait until a Gather runs: what the caller says or presses now is an answer to it."""
        return await self._before_end(within, "a Gather", self._interpreter.gatherer.running())

    async def next_said(self, within: float) -> Said:
        """Give the next text that Twilio speaks, as it begins; each is given once, in order."""
        return await self._before_end(within, "something said", self._speaker.next_said())

    async def next_heard(self, within: float) -> LogEntry:
        """Give the next sound the caller hears, or its end; each is given once, in order.

        A text that Twilio speaks (`say`), or audio on a stream: see `calls.simulator.utterances`.
        """
        awaited = self.log.wait("say", BEGINS, ENDS, CLEARED, start=self._heard)
        position = await self._before_end(within, "something to hear", awaited)
        self._heard = position + 1
        return self.log[position]

    async def heard_out(self, within: float) -> None:
        """Wait until the caller hears nothing more, neither from a verb nor from a stream."""
        async with asyncio.timeout(within):
            await self._silence()

    async def ended(self, within: float) -> EndReason:
        """Wait until the call is over and its status callbacks are delivered."""
        async with asyncio.timeout(within):
            return await asyncio.shield(self._over)

    async def fetched(self) -> None:
        """Wait until the first document is there, or cannot be had."""
        await self._fetched.wait()

    @property
    def end_reason(self) -> EndReason | None:
        """Why the call ended, or None while it goes on."""
        return self._reason

    @property
    def failure(self) -> str:
        """What went wrong, where the call ended with an application error."""
        return self._interpreter.failure

    def set_dial_result(self, result: DialResult) -> None:
        """Decide how Dial verbs of this call end."""
        self._interpreter.dialler.result = result

    @contextmanager
    def held_pauses(self) -> Iterator[None]:
        """Let no Pause of the call end inside the block, however short it is.

        Where pauses are made shorter, a server has as much time as it needs all the same.
        """
        self._interpreter.pauses_end.clear()
        try:
            yield
        finally:
            self._interpreter.pauses_end.set()

    @property
    def dialled(self) -> list[Dialled]:
        """The Dial verbs that were begun, in their order."""
        return self._interpreter.dialler.dialled

    async def first_dialled(self, within: float) -> Dialled:
        """Give the first Dial, waiting until it is begun."""
        await self._before_end(within, "a Dial", self.log.wait("dial"))
        return self.dialled[0]

    @property
    def played(self) -> list[str]:
        """The addresses of the recordings that were played, in their order."""
        return [str(entry.detail["url"]) for entry in self.log.of("play") if entry.detail["url"]]

    async def first_played(self, within: float) -> str:
        """Give the address of the first recording, waiting until it is asked for."""
        await self._before_end(within, "a recording", self.log.wait("play"))
        return self.played[0]

    # What the REST API does

    @property
    def in_progress(self) -> bool:
        """Whether the call can be changed."""
        return self.status == "in-progress"

    def replace(self, source: Source) -> None:
        """Put another document in place of the running one, as a REST update does."""
        self.log.add("rest-update", source=type(source).__name__)
        self._runner.cancel()
        if self._faults.streams_end_on_update:
            self.streams.begin_stop_all()
        self._runner = self._start(source)

    def complete(self) -> None:
        """End the call, as a REST update of its status does."""
        self.log.add("rest-update", source="Status")
        self._conclude(EndReason.REST)

    # The life of the call

    def _start(self, source: Source) -> asyncio.Task[None]:
        runner = asyncio.create_task(self._run(source))
        runner.add_done_callback(self._on_runner_done)
        return runner

    def _on_runner_done(self, runner: asyncio.Task[None]) -> None:
        if not runner.cancelled() and runner.exception() is not None:
            # A fault of the simulator itself: it reaches whoever waits for the end of the call.
            self._conclude(EndReason.APPLICATION_ERROR)

    async def _run(self, source: Source) -> None:
        # One document at a time: the one before may still be taking its stream down.
        async with self._floor:
            reason = await self._interpreter.run(source)
        self._conclude(reason)

    async def _before_end(self, within: float, what: str, awaited: Coroutine[Any, Any, _T]) -> _T:
        task = asyncio.create_task(awaited)
        try:
            either: set[asyncio.Future[Any]] = {task, self._over}
            await asyncio.wait(either, timeout=within, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                return task.result()
        finally:
            task.cancel()
        if self._over.done():
            raise CallOverError(self._over.result(), what)
        raise TimeoutError(f"Waited {within} s for {what}, in vain.")

    async def _silence(self) -> None:
        await self._speaker.quiet()
        while left := max(
            (stream.playout.seconds_left(time.monotonic()) for stream in self.streams.live()),
            default=0.0,
        ):
            await asyncio.sleep(left)
            await self._speaker.quiet()

    def _on_document(self, document: tuple[verbs.Verb, ...]) -> None:
        rejected = bool(document) and isinstance(document[0], verbs.Reject)
        if self.status == "ringing" and not rejected:
            self.record.answer()
            self._progress("answered")
        self._fetched.set()

    def _conclude(self, reason: EndReason) -> None:
        if self._reason is not None:
            return
        self._reason = reason
        self.record.end(rejected=reason is EndReason.REJECTED, given_up=reason is EndReason.CALLER)
        self.log.add("call-end", reason=str(reason))
        self._closing = asyncio.create_task(self._close(reason))

    async def _close(self, reason: EndReason) -> None:
        try:
            self._runner.cancel()
            await asyncio.wait({self._runner})
            await self.streams.stop_all()
            if not self._faults.dial_action_comes_last:
                await self._interpreter.finish_dial()
            self._progress("completed")
            await self._callbacks.aclose()
            await self._interpreter.finish_dial()
            await self._webhooks.aclose()
            if not self._runner.cancelled():
                self._runner.result()
        except Exception as error:
            self._over.set_exception(error)
        else:
            self._over.set_result(reason)
        finally:
            self._fetched.set()

    def _progress(self, event: str) -> None:
        order = self.record.order
        if order.status_callback is None or event not in order.status_events:
            return
        status = {"initiated": "initiated", "answered": "in-progress"}.get(event, self.status)
        params = self.record.request_params() | {"CallStatus": status}
        params |= call_event(self._events_sent, self.record.seconds)
        self._events_sent += 1
        self._callbacks.post(order.status_callback, "POST", params)
