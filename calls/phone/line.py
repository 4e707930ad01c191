"""The WebSocket of a phone in the browser: one call, for as long as the page holds it."""

import asyncio
import logging
import time
from dataclasses import dataclass
from typing import Any, Final

from channels.db import database_sync_to_async
from django.db import Error as DatabaseError

from calls.phone import bots, messages
from calls.phone.messages import Ended, Failed, InvalidMessage, InvalidNumber, ToPage
from calls.phone.pace import Pace
from calls.phone.placed_call import CallNotPlaced, PlacedCall
from voiceproject.asgi_types import Event, Receive, Scope, Send
from voiceproject.phone_account import phone_account
from voiceproject.sockets import SOCKET_GONE

logger = logging.getLogger(__name__)

DIAL_SECONDS: Final = 10.0
"""How long a page may take to say whom it calls."""

LAST_WORDS_SECONDS: Final = 1.0
"""How long a line that ends may take to tell the page so."""

LEAVE_SECONDS: Final = 5.0
"""How long calls may take to end when the server stops."""

MAX_UNSENT: Final = 2000
"""How many messages may wait for a page that takes none; then the line is ended."""

TEXTS_PER_SECOND: Final = 20.0
TEXTS_AT_ONCE: Final = 60.0

MAX_LINES: Final = 20
"""How many phones one process serves: each is a call, and takes from the others."""

CHECK_SECONDS: Final = 15.0
"""How often it is asked again whether somebody may still call."""

STOPPING: Final = "The server is stopping, and with it the call ends."
REPLACED: Final = "You have begun another call, so this one has ended."
FULL: Final = "Too many people call from their browsers now. Call again in a while."
NO_MORE: Final = "You are signed out, or may not call bots any more, so the call has ended."

# Close codes: the normal ones, and ours from the range that RFC 6455 leaves to applications.
NORMAL: Final = 1000
GOING_AWAY: Final = 1001
JUNK: Final = 4400
REFUSED: Final = 4403
NOT_DIALLED: Final = 4408
ELSEWHERE: Final = 4409
TOO_MUCH: Final = 4429
BROKEN: Final = 4500

_serving: dict["PhoneLine", asyncio.Task[Any]] = {}
"""The lines of this process, and the task of each."""


class _Gone(Exception):
    """The page has closed the socket."""


class _Cut(Exception):
    """The line is to be ended: `code` is the close code, the text says why."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(why)
        self.code = code


@dataclass(frozen=True, slots=True)
class _Farewell:
    """What the page is told last, and the close code behind it."""

    message: Ended | Failed
    code: int


async def phone_line(scope: Scope, receive: Receive, send: Send) -> None:
    """Serve one phone, for a member of the staff: see `voiceproject.sockets.for_staff`."""
    is_on = phone_account() is not None
    if not is_on or not await database_sync_to_async(bots.may_phone)(scope["user"]):
        await send({"type": "websocket.close"})
        return
    line = PhoneLine(scope["user"], scope["session"].session_key, receive, send)
    _make_room(line)
    _serving[line] = asyncio.ensure_future(line.serve())
    try:
        await asyncio.shield(_serving[line])
    except asyncio.CancelledError:
        line.cut(GOING_AWAY, STOPPING)
        await asyncio.wait({_serving[line]}, timeout=LEAVE_SECONDS)
        raise
    finally:
        del _serving[line]


def _make_room(line: "PhoneLine") -> None:
    """End the line that the same user has; where there are too many of others, end this one."""
    others = [other for other in _serving if other.user_id != line.user_id]
    for other in _serving.keys() - others:
        other.cut(ELSEWHERE, REPLACED)
    if len(others) >= MAX_LINES:
        line.cut(TOO_MUCH, FULL)


async def shut_down() -> None:
    """End the calls of all phones of this process, and tell their pages why."""
    for line in _serving:
        line.cut(GOING_AWAY, STOPPING)
    if _serving:
        await asyncio.wait(set(_serving.values()), timeout=LEAVE_SECONDS)


class PhoneLine:
    """What the page sends goes to the call, and what the call tells goes to the page."""

    def __init__(self, user: bots.User, session_key: str, receive: Receive, send: Send) -> None:
        self._user = user
        self._session_key = session_key
        self._receive = receive
        self._send = send
        self._unsent: asyncio.Queue[ToPage | bytes | None] = asyncio.Queue(MAX_UNSENT)
        self._cut: asyncio.Future[_Cut] = asyncio.get_running_loop().create_future()
        self._texts = Pace(TEXTS_PER_SECOND, TEXTS_AT_ONCE)

    @property
    def user_id(self) -> int | None:
        """Whose line it is."""
        return self._user.pk

    async def serve(self) -> None:
        """Hold a call to its end, whoever ends it, and close the socket."""
        await self._receive()  # the handshake
        await self._send({"type": "websocket.accept"})
        writing = asyncio.create_task(self._write(), name="phone-write")
        checking = asyncio.create_task(self._check(), name="phone-check")
        try:
            farewell = await self._hold()
        except _Gone:
            farewell = None
        except Exception:
            logger.exception("A phone's line broke")
            farewell = _Farewell(Failed("The line broke. The server's log tells why."), BROKEN)
        finally:
            checking.cancel()
        if farewell is not None:
            self.tell(farewell.message)
            self.tell(None)
            await asyncio.wait({writing}, timeout=LAST_WORDS_SECONDS)
        writing.cancel()
        await asyncio.wait({writing})
        if farewell is not None:
            await self._pass_on({"type": "websocket.close", "code": farewell.code})

    def cut(self, code: int, why: str) -> None:
        """End the line; the first reason stays. Never blocks."""
        if not self._cut.done():
            self._cut.set_result(_Cut(code, why))

    def tell(self, message: ToPage | bytes | None) -> None:
        """Send a message, or sound, behind what waits; None ends the writing. Never blocks."""
        try:
            self._unsent.put_nowait(message)
        except asyncio.QueueFull:
            self.cut(TOO_MUCH, "This page is too slow for a call.")

    async def _check(self) -> None:
        """Ask again and again who calls, and end the line where he may not any more."""
        may_go_on = database_sync_to_async(bots.may_go_on)
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            try:
                if not await may_go_on(self._session_key):
                    self.cut(REFUSED, NO_MORE)
            except DatabaseError as error:
                logger.warning("Whether a phone may go on is not known: %s", type(error).__name__)

    async def _hold(self) -> _Farewell:
        """Place the call that the page asks for, and hold it. Raises _Gone."""
        try:
            async with asyncio.timeout(DIAL_SECONDS):
                call = await self._dialled()
            if self._cut.done():
                raise self._cut.result()
        except TimeoutError:
            return _Farewell(Failed("The page did not say whom to call."), NOT_DIALLED)
        except _Cut as cut:
            return _Farewell(Failed(str(cut)), cut.code)
        running = asyncio.create_task(call.run(), name="phone-call")
        reading = asyncio.create_task(self._read(call), name="phone-read")
        ends: set[asyncio.Future[Any]] = {running, reading, self._cut}
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            reading.cancel()
            running.cancel()  # by which the caller hangs up
            await asyncio.wait({running, reading})
        try:
            if not running.cancelled():
                return _Farewell(running.result(), NORMAL)
            if self._cut.done():
                raise self._cut.result()
            reading.result()
        except CallNotPlaced as error:
            return _Farewell(Failed(str(error)), BROKEN)
        except _Cut as cut:
            return _Farewell(Failed(str(cut)), cut.code)
        return _Farewell(Ended("the caller hung up"), NORMAL)

    async def _dialled(self) -> PlacedCall:
        """Wait until the page says whom it calls. Raises _Gone, _Cut."""
        order = await self._take()
        if not isinstance(order, messages.Dial):
            raise _Cut(JUNK, "The page must begin with whom it calls.")
        if not await database_sync_to_async(bots.may_call)(self._user, order.bot):
            raise _Cut(REFUSED, "There is no such bot, or you may not see it.")
        number = await database_sync_to_async(bots.number_of)(order.bot)
        return PlacedCall(order, number, self.tell)

    async def _read(self, call: PlacedCall) -> None:
        """Pass on what the page sends until it hangs up. Raises _Gone, _Cut."""
        while True:
            message = await self._take()
            match message:
                case bytes():
                    call.speak(message)
                case messages.HangUp():
                    return
                case messages.Dial():
                    raise _Cut(JUNK, "One line holds one call.")
                case _:
                    await call.take(message)

    async def _take(self) -> messages.FromPage | bytes:
        """Wait for the next message or frame of sound. Raises _Gone, _Cut."""
        event = await self._receive()
        if event["type"] == "websocket.disconnect":
            raise _Gone
        sound, text = event.get("bytes"), event.get("text")
        if sound is not None:
            if len(sound) != messages.FRAME_BYTES:
                raise _Cut(JUNK, f"A frame of sound has {messages.FRAME_BYTES} bytes.")
            return bytes(sound)
        if not self._texts.allows(time.monotonic()):
            raise _Cut(TOO_MUCH, "The page sends more than anybody can press.")
        try:
            return messages.parse(text or "")
        except InvalidNumber as error:
            raise _Cut(JUNK, str(error)) from error
        except InvalidMessage as error:
            raise _Cut(JUNK, f"The page sent what is no message: {error}.") from error

    async def _write(self) -> None:
        while (message := await self._unsent.get()) is not None:
            if isinstance(message, bytes):
                event = {"type": "websocket.send", "bytes": message}
            else:
                event = {"type": "websocket.send", "text": messages.write(message)}
            if not await self._pass_on(event):
                return

    async def _pass_on(self, event: Event) -> bool:
        """Give the server an event to send; False where the socket is gone."""
        try:
            await self._send(event)
        except SOCKET_GONE:
            # Whoever reads is about to be told.
            logger.debug("A phone's socket is gone")
            return False
        return True
